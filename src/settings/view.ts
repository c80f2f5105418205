import type { AuditModel } from '../audit/audit.ts';
import type { KeysModel } from '../keys/keys.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Choice } from '../web/form.ts';

declare module '../web/views.ts' {
  interface Views {
    'settings/company': CompanyModel;
    'settings/sms': SmsModel;
    'settings/users': UsersModel;
    'settings/user': UserModel;
    'settings/remove-user': ConfirmModel;
    'settings/second-factor-removal': ConfirmModel;
    'settings/keys': KeysModel & { sections: Section[] };
    'settings/audit': AuditModel & { sections: Section[] };
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

export interface SmsModel {
  sections: Section[];
  values: Words;
  errors: Words;
  quiet: boolean;
  rules: (Choice & { text: string })[];
  currency: string;
  timezone: string;
  /** what this month has cost already, and what launched campaigns may still cost */
  spent: string;
  reserved: string | null;
  senders: { name: string; address: string; pace: string }[];
  prices: { country: string; channel: string; price: string }[];
}

export interface UsersModel {
  sections: Section[];
  members: { id: string; name: string; email: string; role: string; since: string; you: boolean; factor: boolean }[];
  /** all members need a second factor */
  factorWanted: boolean;
  invitations: { id: string; email: string; role: string; until: string }[];
  roles: (Choice & { text: string })[];
  values: Words;
  errors: Words;
}

export interface UserModel {
  title: string;
  id: string;
  email: string;
  factor: boolean;
  /** whether there is a second factor, and who may take it away */
  factorText: string;
  canRemoveFactor: boolean;
  roles: (Choice & { text: string })[];
  errors: Words;
}

const SECTIONS = ['company', 'sms', 'users', 'keys', 'audit'] as const;

/** The tabs above every page of the settings. */
export function sections({ req, t }: CompanyContext): Section[] {
  return SECTIONS.map((name) => {
    const path = `/settings/${name}`;
    return { path, label: t(`settings.sections.${name}`), current: req.path.startsWith(path) };
  });
}

export const roleKey = (role: string, part: string) => `auth.role.${role}.${part}`;
