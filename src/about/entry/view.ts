import { formatPhone } from '../../kernel/phone.ts';
import type { Context } from '../../web/context.ts';
import type { Choice, Refusal } from '../../web/form.ts';
import { countryChoices } from './countries.ts';
import type { Visit } from './visit.ts';

declare module '../../web/views.ts' {
  interface Views {
    'about/enter': EnterModel;
    'about/code': CodeModel;
  }
}

export interface EnterModel {
  countries: Choice[];
  phone: string;
  errors: Record<string, string>;
}

export interface CodeModel {
  /** as people write it */
  shown: string;
  /** E.164, to ask for another code */
  phone: string;
  /** as typed */
  code: string;
  error: string | null;
}

export function enterModel(ctx: Context, { values, errors }: Refusal): EnterModel {
  return { countries: countryChoices(ctx, values.country), phone: values.phone ?? '', errors };
}

export const codeModel = ({ phone }: Visit, error: string | null, code = ''): CodeModel => ({
  shown: formatPhone(phone),
  phone,
  code,
  error,
});
