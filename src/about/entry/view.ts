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

/** Where one begins anew, and why. It stands in the address: somebody without a session gets none for a word. */
export const ENTRY = {
  code: '/about-me?over=code',
  visit: '/about-me?over=visit',
  left: '/about-me?over=left',
} as const;

export interface EnterModel {
  notice: { kind: 'done' | 'error'; text: string } | null;
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
  return { notice: notice(ctx), countries: countryChoices(ctx, values.country), phone: values.phone ?? '', errors };
}

function notice({ req, t }: Context): EnterModel['notice'] {
  const { over } = req.query;
  if (over === 'left') return { kind: 'done', text: t('about.left') };
  return over === 'code' || over === 'visit' ? { kind: 'error', text: t(`about.over.${over}`) } : null;
}

export const codeModel = ({ phone }: Visit, error: string | null, code = ''): CodeModel => ({
  shown: formatPhone(phone),
  phone,
  code,
  error,
});
