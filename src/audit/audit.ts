import { isId, newId } from '../kernel/id.ts';
import type { CompanyDb, CompanyReader, PortalDb } from '../tenancy/handles.ts';
import type { SignedInContext } from '../web/context.ts';
import * as sql from './sql.ts';
import { modelOf, type Page } from './view.ts';
import { readAddress, type Wish } from './wish.ts';

export { logFile } from './file.ts';
export type { AuditModel } from './view.ts';
export type { Wish } from './wish.ts';

/** Everything that is written down; its words are `admin.action.<action>`. */
export const ACTIONS = [
  'company.created',
  'company.changed',
  'company.profile',
  'company.secondFactor',
  'user.created',
  'user.rights',
  'user.password',
  'secondFactor.on',
  'secondFactor.changed',
  'secondFactor.off',
  'secondFactor.codes',
  'secondFactor.recovered',
  'secondFactor.removed',
  'signIn.ended',
  'member.added',
  'member.invited',
  'member.role',
  'member.removed',
  'invitation.revoked',
  'key.made',
  'key.revoked',
  'rate.set',
  'tag.created',
  'tag.changed',
  'tag.merged',
  'tag.removed',
  'bulk.requested',
  'bulk.cancelled',
  'bulk.undone',
  'export.requested',
  'export.cancelled',
  'export.revoked',
  'import.uploaded',
  'import.started',
  'import.cancelled',
  'review.written',
  'review.corrected',
  'review.withdrawn',
  'review.disputed',
  'review.published',
  'review.refused',
  'review.changes',
  'reply.published',
  'reply.refused',
  'dispute.upheld',
  'dispute.rejected',
  'case.claimed',
  'case.released',
  'objection.upheld',
  'objection.rejected',
  'setting.changed',
  'objection.made',
  'person.copy',
  'person.copied',
  'person.erasure',
  'person.erased',
  'person.replied',
  'person.disputed',
  'person.taken',
  'segment.created',
  'segment.changed',
  'segment.deleted',
  'segment.restored',
  'customer.deleted',
  'customer.restored',
  'customer.erased',
  'customer.copied',
  'number.silenced',
  'number.released',
  'consent.recorded',
  'sender.made',
  'sender.changed',
  'sender.given',
  'sender.removed',
  'prices.loaded',
  'company.sms',
  'campaign.created',
  'campaign.changed',
  'campaign.deleted',
  'campaign.launched',
  'campaign.tested',
  'campaign.paused',
  'campaign.resumed',
  'campaign.cancelled',
  'audit.taken',
  'job.retried',
  'job.cancelled',
  'walls.asked',
] as const;

/** What a deed may say of its subject; the words are `admin.audit.field.<name>`. */
export const FIELDS = [
  'admin',
  'address',
  'budget',
  'cap',
  'case',
  'channel',
  'colour',
  'companies',
  'consent',
  'country',
  'currency',
  'customers',
  'day',
  'disabled',
  'email',
  'feedback',
  'file',
  'filter',
  'format',
  'from',
  'hint',
  'id',
  'identity',
  'imported',
  'into',
  'job',
  'jobs',
  'left',
  'locale',
  'messages',
  'moderator',
  'name',
  'objection',
  'orders',
  'perSecond',
  'plan',
  'prices',
  'quietHours',
  'rate',
  'reason',
  'request',
  'review',
  'role',
  'scopes',
  'sessions',
  'setting',
  'slug',
  'tag',
  'timezone',
  'to',
  'userId',
  'value',
  'what',
] as const;

export interface Deed {
  /** null: the operator at the server's shell, or a program */
  userId: string | null;
  action: (typeof ACTIONS)[number];
  /** what it was done to, by ids and names; no secrets */
  subject: Readonly<Partial<Record<(typeof FIELDS)[number], string | number | boolean | null | readonly string[]>>>;
  /** of the portal's handle: the company it concerns */
  companyId?: string;
}

/** Writes down who did what, in the transaction that does it. */
export async function write(db: CompanyDb | PortalDb, { userId, action, subject, companyId }: Deed): Promise<void> {
  const company = 'company' in db ? db.company.id : (companyId ?? null);
  await db.execute(
    sql.insert({ id: newId(), companyId: company, userId, action, subject, subjectId: subjectIdOf(subject) }),
  );
}

/** What it was done to: the subject's own id, else the first one it names. */
function subjectIdOf({ id, ...others }: Deed['subject']): string | null {
  return [id, ...Object.values(others)].find((value) => typeof value === 'string' && isId(value))?.toString() ?? null;
}

export type { Conditions, EntryRow } from './sql.ts';

/** Newest first; `more`: there are older ones. `before`: the id of the last one of the page before. A company sees its own alone. */
export async function list(
  db: PortalDb | CompanyReader,
  conditions: sql.Conditions,
  per: number,
  before: string | null,
) {
  const rows = await db.query<sql.EntryRow>(sql.list(conditions, per + 1, before));
  return { entries: rows.slice(0, per), more: rows.length > per };
}

export const readWish = (ctx: SignedInContext, db: PortalDb | CompanyReader) => readAddress(ctx, db, ACTIONS);

export const logModel = (ctx: SignedInContext, wish: Wish, page: Page) => modelOf(ctx, wish, ACTIONS, page);
