import type { AuditModel } from '../audit/audit.ts';
import type { KeysModel } from '../keys/keys.ts';
import type { Choice } from '../web/form.ts';

declare module '../web/views.ts' {
  interface Views {
    'admin/companies': CompaniesModel;
    'admin/new-company': NewCompanyModel;
    'admin/company': CompanyModel;
    'admin/users': UsersModel;
    'admin/new-user': NewUserModel;
    'admin/user': UserModel;
    'admin/second-factor-removal': ConfirmModel;
    'admin/sign-ins-ending': ConfirmModel;
    'admin/rates': RatesModel;
    'admin/keys': KeysModel;
    'admin/objections': ObjectionsModel;
    'admin/objection': OneObjectionModel;
    'admin/settings': SettingsModel;
    'admin/senders': SendersModel;
    'admin/sender': SenderModel;
    'admin/sender-removal': SenderRemovalModel;
    'admin/prices': PricesModel;
    'admin/audit': AuditModel;
  }
}

type Words = Record<string, string>;

export interface CompaniesModel {
  q: string;
  companies: {
    id: string;
    name: string;
    slug: string;
    country: string;
    currency: string;
    members: string;
    made: string;
    paid: boolean;
    plan: string;
  }[];
}

export interface NewCompanyModel {
  values: Words;
  errors: Words;
  zones: string[];
  locales: Choice[];
  plans: Choice[];
}

export interface CompanyModel {
  title: string;
  id: string;
  slug: string;
  country: string;
  currency: string;
  timezone: string;
  values: Words;
  errors: Words;
  plans: Choice[];
}

export interface UsersModel {
  q: string;
  users: { id: string; name: string; email: string; companies: string; rights: string; disabled: boolean }[];
}

export interface NewUserModel {
  values: Words;
  errors: Words;
  locales: Choice[];
  roles: Choice[];
  companies: string[];
  moderator: boolean;
  admin: boolean;
}

export interface UserModel {
  title: string;
  id: string;
  email: string;
  moderator: boolean;
  admin: boolean;
  disabled: boolean;
  /** since when there is a second factor */
  factor: string | null;
  /** it is the reader's own account */
  you: boolean;
  /** where the person is signed in */
  sessions: string;
  errors: Words;
}

export interface RatesModel {
  rates: { from: string; to: string; rate: string; day: string }[];
  values: Words;
  errors: Words;
}

export interface ObjectionModel {
  id: string;
  number: string;
  text: string;
  at: string;
  ago: string;
  reviews: string;
  state: string;
  tone: string;
  /** who decided, and when */
  decided: string | null;
  answer: string | null;
}

export interface ObjectionsModel {
  text: string;
  tabs: { label: string; path: string; current: boolean }[];
  objections: ObjectionModel[];
  none: string;
  older: string | null;
  newest: boolean;
}

export interface OneObjectionModel extends ObjectionModel {
  title: string;
  hidden: string;
  wrote: string;
  about: { sentiment: string; tone: string; reason: string; text: string; by: string }[];
  /** about a review of a company that the reader belongs to */
  own: boolean;
  open: boolean;
  states: (Choice & { text: string })[];
  values: Words;
  errors: Words;
  /** what somebody typed who was too late */
  lost: string;
}

export interface SettingsModel {
  groups: {
    name: string;
    switches: { name: string; on: boolean; label: string; text: string; changed: string | null }[];
  }[];
}

export interface SendersModel {
  senders: { id: string; address: string; name: string; pace: string; companies: string }[];
  /** the portal's own; null: none is configured */
  usual: string | null;
  values: Words;
  errors: Words;
}

export interface SenderModel {
  title: string;
  id: string;
  address: string;
  values: Words;
  errors: Words;
  holders: { id: string; slug: string; name: string; takeLabel: string }[];
  /** short names of those that do not have it */
  companies: string[];
}

export interface SenderRemovalModel {
  title: string;
  id: string;
  holders: string[];
  /** why it cannot be removed yet */
  busy: string | null;
}

export interface PricesModel {
  prices: { channel: string; country: string; code: string; price: string; since: string }[];
  typed: string;
  /** what is wrong with which lines */
  errors: string[];
}

/** How many rows a list of the portal shows; the rest is found by its search box. */
export const MOST_ROWS = 200;

export const statusOf = (errors: Words) => (Object.keys(errors).length > 0 ? 422 : 200);

/** What somebody looks for, from the address. */
export const sought = (query: unknown) => (typeof query === 'string' ? query.trim().slice(0, 200) : '');
