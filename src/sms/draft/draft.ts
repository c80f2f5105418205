import * as audit from '../../audit/audit.ts';
import * as customers from '../../customers/customers.ts';
import { newId } from '../../kernel/id.ts';
import { sendersOf } from '../../senders/senders.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { templateOf } from '../text/text.ts';
import { understood, type Whom } from './choice.ts';
import * as sql from './sql.ts';

export { understood, type Whom } from './choice.ts';
export type { CampaignRow, Channel, Kind, State } from './sql.ts';

/** What a person writes; times are moments. */
export interface Draft {
  name: string;
  channel: sql.Channel;
  /** whether what does not arrive goes by SMS */
  fallback: boolean;
  /** null: the portal's own */
  sender: string | null;
  body: string;
  whom: Whom;
  scheduledAt: Date | null;
  expiresAt: Date | null;
}

/** Writes a draft: nothing is sent. Answers its id. Throws FieldError. */
export async function create(db: CompanyDb, draft: Draft, userId: string | null): Promise<string> {
  const id = newId();
  await db.execute(sql.insert(db.company.id, id, 'group', userId, await fieldsOf(db, draft)));
  await audit.write(db, { userId, action: 'campaign.created', subject: { id, name: draft.name } });
  return id;
}

/** false: somebody has saved it meanwhile, or it is no draft any more. Throws FieldError. */
export async function edit(db: CompanyDb, id: string, version: bigint, draft: Draft, userId: string): Promise<boolean> {
  const touched = await db.execute(sql.update(id, version, await fieldsOf(db, draft)));
  if (touched > 0) await audit.write(db, { userId, action: 'campaign.changed', subject: { id, name: draft.name } });
  return touched > 0;
}

async function fieldsOf(db: CompanyDb, { whom: given, fallback, ...draft }: Draft): Promise<sql.Fields> {
  templateOf(draft.body);
  await assertSender(db, draft.sender);
  const whom = await understood(db, given);
  return {
    ...draft,
    fallback: fallback && draft.channel !== 'sms' ? 'sms' : null,
    filter: 'filter' in whom ? await customers.frozenFilter(db, whom.filter) : '',
    customerIds: 'ids' in whom ? whom.ids : null,
    address: null,
    obeysQuietHours: true,
  };
}

/** Throws FieldError `sender` where it was not given to the company. */
export async function assertSender(db: CompanyReader | CompanyDb, sender: string | null): Promise<void> {
  if (!(await isTheirs(db, sender))) throw new FieldError('sender', 'sms.form.notYourSender');
}

const isTheirs = async (db: CompanyReader | CompanyDb, sender: string | null): Promise<boolean> =>
  sender === null || (await sendersOf(db)).some(({ address }) => address === sender);

export interface Copied {
  id: string;
  /** whether it goes by the portal's own, because the one it had was taken away from the company */
  otherSender: boolean;
}

/** The same text to the same customers, as a new draft without its times. null: there is none of that id. Throws FieldError. */
export async function copy(db: CompanyDb, id: string, name: string, userId: string): Promise<Copied | null> {
  const row = await find(db, id);
  if (row?.kind !== 'group') return null;
  const { channel, body, filter, customer_ids: ids } = row;
  const whom = ids ? { ids } : { filter };
  const times = { scheduledAt: null, expiresAt: null };
  const sender = (await isTheirs(db, row.sender)) ? row.sender : null;
  const draft = { name, channel, fallback: row.fallback !== null, sender, body, whom, ...times };
  return { id: await create(db, draft, userId), otherSender: sender !== row.sender };
}

/** Only drafts go: what was launched stays to be seen. */
export async function remove(db: CompanyDb, { id, name }: Pick<sql.CampaignRow, 'id' | 'name'>, userId: string) {
  const touched = await db.execute(sql.remove(id));
  if (touched > 0) await audit.write(db, { userId, action: 'campaign.deleted', subject: { id, name } });
  return touched > 0;
}

/** null: there is none of that id here */
export async function find(db: CompanyReader | CompanyDb, id: string): Promise<sql.CampaignRow | null> {
  return (await db.query<sql.CampaignRow>(sql.byId(id)))[0] ?? null;
}

/** Newest first; `more`: there are older ones. `before`: the id of the last one of the page before. */
export async function list(db: CompanyReader, kinds: readonly sql.Kind[], per: number, before: string | null) {
  const rows = await db.query<sql.CampaignRow>(sql.list(kinds, per + 1, before));
  return { campaigns: rows.slice(0, per), more: rows.length > per };
}

/** What of it was handed over, what that costs, and when it goes on. */
export async function spent(db: CompanyReader, id: string): Promise<sql.Spent> {
  const [row] = await db.query<sql.Spent>(sql.spent(id));
  return row ?? { parts: 0n, micros: 0n, unpriced: 0n, next_at: null, retry_at: null, kept: 0n };
}
