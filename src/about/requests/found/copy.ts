import * as audit from '../../../audit/audit.ts';
import { moneyText } from '../../../kernel/money.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import { count, type Left, leftOf, type Outcome, type Tally } from './count.ts';
import * as sql from './sql.ts';
import { type Theirs, theirs } from './theirs.ts';

/** What one company keeps of a number, as it goes into the file. */
export interface Part {
  company: string;
  /** how many entries, or all of a number that several people have, are for the person to ask the company for */
  left: { why: Left['why']; count: number } | null;
  contact: object | null;
  orders: object[];
  messages: object[];
  feedback: object[];
  imported: object[];
  /** what was said about being written to, what was sent, and since when nothing is */
  consents: object[];
  sent: object[];
  silent: object | null;
}

/**
 * Only what itself names the number. What hangs on the customer as a whole (notes, tags, the history) is not in it: a customer may
 * have been merged from several people, and what was written about one must not reach another. Nor is what may be about a former
 * owner of the number, or about the others who have it. null: there is nothing here.
 */
export async function copy(
  db: CompanyDb,
  { requestId, phone, askedAt }: { requestId: string; phone: string; askedAt: Date },
): Promise<(Outcome & { part: Part }) | null> {
  const found = await theirs(db, phone, askedAt);
  const { arrivals, contact } = found;
  const left = leftOf(db.company.name, found);
  const written = await writtenTo(db, phone, found);
  const isAny = arrivals.length > 0 || contact !== null || isWritten(written);
  if (!isAny && !left) return null;
  const counts = isAny ? count(arrivals) : null;
  if (counts) await writeDown(db, requestId, askedAt, counts);
  const rows = await db.query<sql.ArrivalRow>(sql.arrivals(arrivals.map(({ id }) => id)));
  const of = (kind: sql.Found['kind'], say: (row: sql.ArrivalRow) => object) =>
    rows.filter((row) => row.kind === kind).map((row) => ({ ...person(row), ...say(row) }));
  const part = {
    company: db.company.name,
    left: left && { why: left.why, count: left.count },
    contact: contact ? card(contact) : null,
    orders: of('order', order),
    messages: of('message', ({ direction, channel, text }) => ({ direction, channel, text })),
    feedback: of('feedback', ({ rating, text }) => ({ rating: Number(rating), text })),
    imported: of('import', () => ({})),
    ...written,
  };
  return { part, counts, left };
}

/** What the number itself was told and said; where it may be a former owner's, from the first entry that is certainly of this one. */
async function writtenTo(
  db: CompanyDb,
  phone: string,
  { shared, former, arrivals }: Theirs,
): Promise<Pick<Part, 'consents' | 'sent' | 'silent'>> {
  if (shared || (former > 0 && arrivals.length === 0)) return { consents: [], sent: [], silent: null };
  const key = db.keyOfPhone(phone);
  const since = former > 0 ? new Date(Math.min(...arrivals.map(({ at }) => at.getTime()))) : null;
  const told = await db.query<sql.ToldRow>(sql.consents(key, since));
  const sent = await db.query<sql.SentRow>(sql.sent(key, since));
  const [silent] = await db.query<{ reason: string; at: Date }>(sql.silent(key));
  return {
    consents: told.map((row) => ({ ...row, at: row.at.toISOString() })),
    sent: sent.map((row) => ({ ...row, at: row.at.toISOString() })),
    silent: silent ? { reason: silent.reason, since: silent.at.toISOString() } : null,
  };
}

const isWritten = ({ consents, sent, silent }: Pick<Part, 'consents' | 'sent' | 'silent'>) =>
  consents.length + sent.length > 0 || silent !== null;

/** Once, however often the job runs. */
async function writeDown(db: CompanyDb, requestId: string, askedAt: Date, counts: Tally): Promise<void> {
  const before = await db.query(sql.noted('person.copied', requestId, askedAt));
  if (before.length > 0) return;
  await audit.write(db, { userId: null, action: 'person.copied', subject: { request: requestId, ...counts } });
}

const card = ({ given, channels, by_hand, created_at }: sql.ContactRow) => ({
  given,
  channels,
  typedByTheCompany: by_hand,
  since: created_at.toISOString(),
});

function person({ external_id, at, name, gender, region, given }: sql.ArrivalRow) {
  const { accountId = null, phones = [], emails = [] } = given;
  return { externalId: external_id, at: at.toISOString(), name, gender, region, accountId, phones, emails };
}

function order(row: sql.ArrivalRow) {
  const currency = row.currency ?? '';
  return {
    number: row.number,
    status: row.status,
    total: row.total === null ? null : moneyText(row.total, currency),
    currency,
    paidAt: row.paid_at?.toISOString() ?? null,
    payment: row.payment_method,
    delivery: { method: row.delivery_method, address: row.delivery_address },
    source: row.source,
    items: row.items.map(({ unit_price, ...item }) => ({
      ...item,
      unitPrice: moneyText(BigInt(unit_price), currency),
    })),
  };
}
