import * as audit from '../../audit/audit.ts';
import { newId } from '../../kernel/id.ts';
import { parsePhone } from '../../kernel/phone.ts';
import { startOfDay } from '../../kernel/time.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { OverBudget } from '../launch/budget.ts';
import { launch } from '../launch/launch.ts';
import { templateOf } from '../text/text.ts';
import { assertSender, type CampaignRow } from './draft.ts';
import * as sql from './sql.ts';

/** So many tests a person may send a day. */
export const TESTS_A_DAY = 10;

export interface Single {
  customerId: string;
  /** what it is called in lists */
  name: string;
  channel: sql.Channel;
  /** null: the portal's own */
  sender: string | null;
  body: string;
  /** false: it leaves now, however late it is */
  obeysQuietHours: boolean;
}

/** Who wants it, when, and the base of the addresses that it may carry. */
export interface SingleOrder {
  userId: string;
  now: Date;
  publicUrl: string;
  /** the caller has a place for `OverBudget`; else it is told beside the field */
  tellsBudget?: boolean;
}

/** Writes to one customer (P-02). Answers the id of its campaign. Throws FieldError where nothing can be sent to this customer. */
export async function sendToOne(db: CompanyDb, single: Single, order: SingleOrder): Promise<string> {
  templateOf(single.body);
  await assertSender(db, single.sender);
  const { customerId, ...fields } = single;
  const nothing = { fallback: null, filter: '', address: null, scheduledAt: null, expiresAt: null };
  const id = newId();
  await db.execute(
    sql.insert(db.company.id, id, 'one', order.userId, { ...nothing, ...fields, customerIds: [customerId] }),
  );
  await launchOne(db, id, 'body', order);
  return id;
}

/** Sends the text to a number of one's own, now, at most `TESTS_A_DAY` times a day. Throws FieldError `number`. */
export async function sendTest(db: CompanyDb, row: CampaignRow, number: string, order: SingleOrder): Promise<string> {
  const { userId, now } = order;
  const phone = parsePhone(number, db.company.country);
  if (!phone) throw new FieldError('number', 'sms.test.noNumber');
  await db.execute(sql.lockTests(userId));
  const [sent] = await db.query<{ count: number }>(sql.tests(userId, startOfDay(now, db.company.timezone)));
  if ((sent?.count ?? 0) >= TESTS_A_DAY) throw new FieldError('number', 'sms.test.enough');
  const { name, channel, sender, body } = row;
  const nothing = { fallback: null, filter: '', customerIds: null, scheduledAt: null, expiresAt: null };
  const id = newId();
  const fields = { ...nothing, name, channel, sender, body, address: phone.e164, obeysQuietHours: false };
  await db.execute(sql.insert(db.company.id, id, 'test', userId, fields));
  await launchOne(db, id, 'number', order);
  await audit.write(db, { userId, action: 'campaign.tested', subject: { id, name } });
  return id;
}

/** Launches what goes to one number. Throws FieldError `field` where it cannot be written to, or the budget is used up. */
export async function launchOne(db: CompanyDb, id: string, field: string, order: SingleOrder): Promise<void> {
  try {
    const { recipients, skipped } = await launch(db, id, { ...order, nobodyToo: true });
    const [reason] = Object.keys(skipped);
    if (recipients === 0) throw new FieldError(field, `sms.skip.${reason ?? 'noPhone'}`);
  } catch (error) {
    // Money is no fault of the text; all else the form has one field for.
    if (error instanceof OverBudget && order.tellsBudget) throw error;
    throw error instanceof FieldError ? new FieldError(field, error.message, error.details) : error;
  }
}

/** Where a person's last test went to; null: there was none. */
export async function lastTest(db: CompanyReader, userId: string): Promise<string | null> {
  return (await db.query<{ address: string }>(sql.lastTest(userId)))[0]?.address ?? null;
}
