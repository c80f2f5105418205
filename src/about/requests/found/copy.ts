import * as audit from '../../../audit/audit.ts';
import { moneyText } from '../../../kernel/money.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import { count, type Tally } from './count.ts';
import * as sql from './sql.ts';

/** What one company keeps of a number, as it goes into the file. */
export interface Part {
  company: string;
  contact: object | null;
  orders: object[];
  messages: object[];
  feedback: object[];
  imported: object[];
}

/**
 * Only what itself names the number. What hangs on the customer as a whole (notes, tags, the history) is not in it: a customer may
 * have been merged from several people, and what was written about one must not reach another. null: there is nothing here.
 */
export async function copy(
  db: CompanyDb,
  { requestId, phone }: { requestId: string; phone: string },
): Promise<{ part: Part; counts: Tally } | null> {
  const found = await db.query<sql.Found>(sql.found(phone));
  const [contact] = await db.query<sql.ContactRow>(sql.contact(phone));
  if (found.length === 0 && !contact) return null;
  const counts = count(found);
  await audit.write(db, { userId: null, action: 'person.copied', subject: { request: requestId, ...counts } });
  const rows = await db.query<sql.ArrivalRow>(sql.arrivals(found.map(({ id }) => id)));
  const of = (kind: sql.Found['kind'], say: (row: sql.ArrivalRow) => object) =>
    rows.filter((row) => row.kind === kind).map((row) => ({ ...person(row), ...say(row) }));
  const part = {
    company: db.company.name,
    contact: contact ? card(contact) : null,
    orders: of('order', order),
    messages: of('message', ({ direction, channel, text }) => ({ direction, channel, text })),
    feedback: of('feedback', ({ rating, text }) => ({ rating: Number(rating), text })),
    imported: of('import', () => ({})),
  };
  return { part, counts };
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
