import { newId } from '../kernel/id.ts';
import type { Company } from '../tenancy/company.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

/** What one company has, for its own addresses and as what no other company may be shown. */
export interface Sample {
  company: Company;
  number: bigint;
  watch: boolean;
  /** by what a path may name */
  ids: Readonly<Record<string, string>>;
  customers: readonly sql.CanaryRow[];
}

/** A fresh one at every run: ids exist once in the world, and phones and e-mails are compared with what the other company knows itself. */
export async function takeSample(
  { tenancy }: Pick<Services, 'tenancy'>,
  { id, number, watch }: sql.CompanyRow,
  now: Date,
): Promise<Sample | null> {
  const company = await tenancy.companyOfJob({ companyId: id });
  if (!company) return null;
  return tenancy.reading(company, async (db) => {
    const customers = await db.query<sql.CanaryRow>(sql.canaries(id, somewhere(now)));
    const rows = await db.query<sql.OwnRow>(sql.own(id));
    const [first] = customers;
    const ids: Record<string, string> = {
      ...Object.fromEntries(rows.map((row) => [row.kind, row.id])),
      ...(first ? { customer: first.id } : {}),
      ...(customers.find((each) => each.order_id)
        ? { order: customers.find((each) => each.order_id)?.order_id ?? '' }
        : {}),
      company: id,
      slug: company.slug,
    };
    return { company, number, watch, ids, customers };
  });
}

const YEARS_BACK = 2;

const somewhere = (now: Date): string => newId(new Date(now.getTime() - Math.random() * YEARS_BACK * 365 * 86_400_000));

export interface Seen {
  what: 'id' | 'word' | 'phone' | 'email';
  /** an id or a word that was made for this, never a person's */
  detail: string;
  /** the phone or e-mail itself, which is not written down */
  value: string | null;
  belongsTo: string;
}

export interface Registry {
  readonly size: number;
  /** ids that were looked for in every company and stand in none, as those of examples */
  readonly nobodys: Set<string>;
  /** What of others than the reader stands in the text. `said`: what was asked for, which may come back. */
  foreign(text: string, reader: string, said: string): Seen[];
}

/** Words that stand in everything of the portal's own companies, and nowhere else. */
export const WORD = /canary[0-9a-f]{12}/g;

export const wordOf = (slug: string): string | null => slug.match(WORD)?.[0] ?? null;

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const EMAIL = /[\p{L}\d.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\d.-]{1,190}/gu;
const PHONE = /\d(?:[\s().\u00a0-]{0,2}\d){6,17}/g;

export function makeRegistry(samples: readonly Sample[]): Registry {
  const known = new Map<string, Omit<Seen, 'value'>>();
  const add = (kind: Seen['what'], value: string | null, detail: string, belongsTo: string) => {
    if (value) known.set(`${kind} ${value}`, { what: kind, detail, belongsTo });
  };
  for (const { company, customers } of samples) {
    const word = wordOf(company.slug);
    add('word', word, word ?? '', company.id);
    for (const { id, email, phone, order_id: order } of customers) {
      add('id', id, id, company.id);
      add('id', order, order ?? '', company.id);
      add('email', email, id, company.id);
      add('phone', phone && digits(phone), id, company.id);
    }
  }
  return {
    size: known.size,
    nobodys: new Set(),
    foreign: (text, reader, said) => {
      const plain = unescaped(text);
      const found = new Map<string, Seen>();
      const look = (what: Seen['what'], value: string) => {
        const seen = known.get(`${what} ${value}`);
        if (!seen || seen.belongsTo === reader) return;
        const personal = what === 'email' || what === 'phone';
        if (!said.includes(value)) found.set(`${what} ${value}`, { ...seen, value: personal ? value : null });
      };
      for (const [word] of plain.matchAll(WORD)) look('word', word);
      for (const [id] of plain.matchAll(ID)) look('id', id);
      for (const [email] of plain.matchAll(EMAIL)) look('email', email.toLowerCase());
      for (const [phone] of plain.matchAll(PHONE)) look('phone', digits(phone));
      return [...found.values()];
    },
  };
}

const digits = (phone: string): string => phone.replace(/\D/g, '');

const SIGNS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#x60': '`', '#x3D': '=' };

const unescaped = (html: string): string =>
  html.replace(/&(amp|lt|gt|quot|#x27|#x60|#x3D);/g, (_, sign: string) => SIGNS[sign] ?? '');

/** The ids of customers and orders that the text leads to. */
export function leadsTo(text: string): string[] {
  const links = text.matchAll(/(?:\/(?:customers|orders)\/|"(?:id|customerId)":")([0-9a-f]{8}-[0-9a-f-]{27})/g);
  return [...new Set([...links].map(([, id]) => id ?? ''))];
}
