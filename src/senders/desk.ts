import { z } from 'zod';
import * as audit from '../audit/audit.ts';
import { newId } from '../kernel/id.ts';
import { isCleanText } from '../kernel/text.ts';
import type { CompanyReader, PortalDb } from '../tenancy/handles.ts';
import { FieldError, line } from '../web/form.ts';
import type { Price } from './price-list.ts';
import * as sql from './sql.ts';

/** A number in E.164, a short code, a name of letters, or a messaging service of the provider. */
const ADDRESS = /^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ._&+-]{3,11}|MG[0-9a-f]{32})$/;

const address = line(40).regex(ADDRESS, 'admin.senders.noAddress');
const perSecond = z
  .string('web.form.required')
  .trim()
  .regex(/^\d{1,5}$/, 'admin.senders.noPace')
  .transform(Number)
  .refine((pace) => pace >= 1 && pace <= 10_000, 'admin.senders.noPace');
const name = z.string().trim().max(100, 'web.form.tooLong').refine(isCleanText, 'admin.senders.noName').default('');

export const newSender = z.object({ address, name, perSecond: perSecond.default(10) });
export const senderChange = z.object({ name, perSecond });

/** By name. */
export const listSenders = (db: PortalDb) => db.query<sql.ListedSender>(sql.list());

export async function findSender(db: PortalDb, id: string): Promise<sql.ListedSender | null> {
  return (await db.query<sql.ListedSender>(sql.byId(id)))[0] ?? null;
}

export async function senderByAddress(db: PortalDb, address: string): Promise<sql.ListedSender | null> {
  return (await db.query<sql.ListedSender>(sql.byAddress(address)))[0] ?? null;
}

/** Throws FieldError `address`: there is one. Answers the id. `by`: the administrator; null: the operator. */
export async function addSender(db: PortalDb, input: z.output<typeof newSender>, by: string | null): Promise<string> {
  const id = newId();
  if ((await db.execute(sql.insert(id, input))) === 0) throw new FieldError('address', 'admin.senders.taken');
  await audit.write(db, { userId: by, action: 'sender.made', subject: { id, ...input } });
  return id;
}

export async function changeSender(
  db: PortalDb,
  id: string,
  change: z.output<typeof senderChange>,
  by: string,
): Promise<void> {
  await db.execute(sql.update(id, change));
  await audit.write(db, { userId: by, action: 'sender.changed', subject: { id, ...change } });
}

/** The companies that were given the sender, by name. */
export const holdersOf = (db: PortalDb, senderId: string) => db.query<sql.Holder>(sql.holders(senderId));

/** false: the company has it already. */
export async function giveSender(
  db: PortalDb,
  sender: Pick<sql.SenderRow, 'id' | 'address'>,
  companyId: string,
  by: string | null,
): Promise<boolean> {
  if ((await db.execute(sql.give(sender.id, companyId))) === 0) return false;
  const subject = { id: sender.id, address: sender.address, what: 'given' };
  await audit.write(db, { userId: by, action: 'sender.given', companyId, subject });
  return true;
}

export async function takeSender(
  db: PortalDb,
  sender: Pick<sql.SenderRow, 'id' | 'address'>,
  companyId: string,
  by: string,
): Promise<void> {
  if ((await db.execute(sql.take(sender.id, companyId))) === 0) return;
  const subject = { id: sender.id, address: sender.address, what: 'taken' };
  await audit.write(db, { userId: by, action: 'sender.given', companyId, subject });
}

export async function removeSender(
  db: PortalDb,
  { id, address }: Pick<sql.SenderRow, 'id' | 'address'>,
  by: string,
): Promise<void> {
  await db.execute(sql.remove(id));
  await audit.write(db, { userId: by, action: 'sender.removed', subject: { id, address } });
}

/** How many campaigns of the company were launched from this sender and are not over. */
export async function underWay(db: CompanyReader, address: string): Promise<number> {
  return (await db.query<{ count: number }>(sql.underWay(address)))[0]?.count ?? 0;
}

/** By channel and country. */
export const listPrices = (db: PortalDb) => db.query<sql.StoredPrice>(sql.prices());

/** `replace`: what is not among them has no price any more. Answers how many were new or different, and how many went. */
export async function setPrices(
  db: PortalDb,
  prices: readonly Price[],
  { replace, by }: { replace: boolean; by: string | null },
): Promise<{ changed: number; removed: number }> {
  const rows = JSON.stringify(prices.map((price) => ({ ...price, micros: String(price.micros) })));
  const changed = await db.execute(sql.setPrices(rows));
  const removed = replace ? await db.execute(sql.dropOthers(rows)) : 0;
  if (changed + removed > 0)
    await audit.write(db, {
      userId: by,
      action: 'prices.loaded',
      subject: { prices: changed, left: prices.length - changed },
    });
  return { changed, removed };
}
