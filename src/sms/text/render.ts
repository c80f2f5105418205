import { dayOf } from '../../kernel/time.ts';
import type { Company } from '../../tenancy/company.ts';
import type { Field, Template } from './template.ts';

/** What the fields are filled with. */
export interface Person {
  readonly name: string;
  readonly region: string | null;
  readonly orders: bigint;
  readonly lastOrderAt: Date | null;
}

/** Somebody of whom nothing is known: every field falls back. */
export const NOBODY: Person = { name: '', region: null, orders: 0n, lastOrderAt: null };

/** The text as one person gets it. `link`: where that person says no. The same as `bodyOf` in SQL. */
export function render(template: Template, person: Person, company: Company, link: string): string {
  const values: Readonly<Record<Field, string>> = {
    name: tidy(person.name),
    first_name: firstName(tidy(person.name)),
    company: tidy(company.name),
    region: tidy(person.region ?? ''),
    orders: String(person.orders),
    last_order: person.lastOrderAt ? day(person.lastOrderAt, company) : '',
    stop: link,
  };
  return template.map((piece) => (typeof piece === 'string' ? piece : values[piece.field] || piece.fallback)).join('');
}

/** White space, for both languages that fill in values. */
export const SPACES = '[\\u0009-\\u000d\\u0020\\u00a0\\u2000-\\u200a\\u202f\\u3000]+';

/** In one line, without blanks around it: the name of a customer must not tear a text apart. */
export const tidy = (value: string): string => value.replace(new RegExp(SPACES, 'g'), ' ').replace(/^ | $/g, '');

/** The name between a surname and a patronymic: `Коваль Олена Петрівна`. */
export const BEFORE_PATRONYMIC = '^[^ ]+ ([^ ]+) [^ ]+(?:ич|вна|ична)$';

/** `K.`, `К`, `О.П.`: nobody is called so. */
export const INITIALS = '^(?:[^ .][.]?|(?:[^ .][.])+)$';

function firstName(name: string): string {
  const first = new RegExp(BEFORE_PATRONYMIC).exec(name)?.[1] ?? name.split(' ')[0] ?? '';
  return new RegExp(INITIALS, 'u').test(first) ? '' : first;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `20.11.2026`, or `20 Nov 2026`: by the company's language, for its customers read it. */
function day(at: Date, { timezone, locale }: Company): string {
  const [year = '', month = '', date = ''] = dayOf(at, timezone).split('-');
  return locale === 'uk' ? `${date}.${month}.${year}` : `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
}
