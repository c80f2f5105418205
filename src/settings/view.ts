import type { CompanyContext } from '../web/context.ts';
import { type Choice, choices, type Refusal } from '../web/form.ts';

declare module '../web/views.ts' {
  interface Views {
    'settings/company': CompanyModel;
    'settings/users': UsersModel;
    'settings/user': UserModel;
    'settings/remove-user': ConfirmModel;
    'settings/keys': KeysModel;
    'settings/key': MadeKeyModel;
    'settings/revoke-key': ConfirmModel;
  }
}

type Words = Record<string, string>;

export interface Section {
  path: string;
  label: string;
  current: boolean;
}

export interface CompanyModel {
  sections: Section[];
  values: Words;
  errors: Words;
  zones: string[];
  locales: Choice[];
  identities: (Choice & { text: string })[];
  country: string;
  currency: string;
  slug: string;
}

export interface UsersModel {
  sections: Section[];
  members: { id: string; name: string; email: string; role: string; since: string; you: boolean }[];
  invitations: { id: string; email: string; role: string; until: string }[];
  roles: (Choice & { text: string })[];
  values: Words;
  errors: Words;
}

export interface UserModel {
  title: string;
  id: string;
  email: string;
  roles: (Choice & { text: string })[];
  errors: Words;
}

export interface ConfirmModel {
  title: string;
  text: string;
  /** where the form goes */
  action: string;
  back: string;
  submit: string;
  error: string | null;
}

export interface KeysModel {
  sections: Section[];
  keys: { id: string; name: string; hint: string; scopes: string; made: string; used: string }[];
  scopes: (Choice & { text: string })[];
  values: Words;
  errors: Words;
  example: string;
}

export interface MadeKeyModel {
  name: string;
  key: string;
}

const SECTIONS = ['company', 'users', 'keys'] as const;

/** The tabs above every page of the settings. */
export function sections({ req, t }: CompanyContext): Section[] {
  return SECTIONS.map((name) => {
    const path = `/settings/${name}`;
    return { path, label: t(`settings.sections.${name}`), current: req.path.startsWith(path) };
  });
}

export const nothingTyped: Refusal = { values: {}, errors: {} };

/** Choices that need a sentence each. `key`: of the words that name a value, and of those that explain it. */
export function explained(
  t: CompanyContext['t'],
  key: (value: string, part: 'name' | 'text') => string,
  values: readonly string[],
  chosen: string | undefined,
): (Choice & { text: string })[] {
  return choices(values, chosen, (value) => t(key(value, 'name'))).map((choice) => ({
    ...choice,
    text: t(key(choice.value, 'text')),
  }));
}

export const roleKey = (role: string, part: string) => `auth.role.${role}.${part}`;
