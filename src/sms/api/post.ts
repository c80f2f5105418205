import * as customers from '../../customers/customers.ts';
import { liveSegments } from '../../segments/segments.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { Problem } from '../../web/problem.ts';
import type { Moment } from '../audience/audience.ts';
import * as drafts from '../draft/draft.ts';
import { dryRun } from '../launch/dry-run.ts';
import { launch } from '../launch/launch.ts';
import type { Launched } from './docs.ts';
import type { NewCampaign } from './input.ts';
import * as sql from './sql.ts';

export interface Posted {
  /** false: it was there already, and nothing was done */
  created: boolean;
  answer: Launched;
}

/** All of it or nothing: who gets no answer posts the same again. Throws FieldError and `Problem` 422. */
export async function post(db: CompanyDb, wish: NewCampaign, moment: Moment): Promise<Posted> {
  // Of two that post the same at the same time, the later one waits, and is told of the first.
  await db.query(sql.lock(db.company.id, wish.externalId));
  const [known] = await db.query<{ id: string }>(sql.byExternalId(wish.externalId));
  if (known) return { created: false, answer: await answerOf(db, known.id, moment, wish) };
  const { name, text: body, externalId } = wish;
  const plain = { channel: 'sms', fallback: false, sender: null, scheduledAt: null, expiresAt: null } as const;
  const id = await drafts.create(db, { ...plain, name, body, whom: await whomOf(db, wish) }, null);
  await db.execute(sql.setExternalId(id, externalId));
  if (!wish.launch) return { created: true, answer: await answerOf(db, id, moment, null) };
  const { recipients, skipped, parts } = await launch(db, id, { ...moment, userId: null, nobodyToo: true });
  const status = (await drafts.find(db, id))?.state ?? 'sending';
  return { created: true, answer: { id, status, same: true, recipients, skipped, parts } };
}

/** A draft as it would be now; what was launched as it was frozen, whatever became of it since. `wish`: posted later; null: it is the first. */
async function answerOf(db: CompanyDb, id: string, moment: Moment, wish: NewCampaign | null): Promise<Launched> {
  const row = await drafts.find(db, id);
  if (!row) throw new Problem(404, 'There is no such campaign any more.');
  const about = { id, status: row.state, same: wish === null || (await isSame(db, row, wish)) };
  if (row.state === 'draft') {
    const { recipients, skipped, parts } = await dryRun(db, row, moment);
    return { ...about, recipients, skipped, parts };
  }
  const groups = await db.query<sql.FrozenRow>(sql.frozen(id));
  const sent = groups.find(({ reason }) => reason === null);
  const skipped = groups.flatMap(({ reason, count }) => (reason === null ? [] : [[reason, count]]));
  const figures = { recipients: sent?.count ?? 0, parts: Number(sent?.parts ?? 0n) };
  return { ...about, ...figures, skipped: Object.fromEntries(skipped) };
}

/** Whether what stands there says what was posted now. Whoever was merged since is the same customer. */
async function isSame(db: CompanyDb, row: drafts.CampaignRow, wish: NewCampaign): Promise<boolean> {
  if (row.name !== wish.name || row.body !== wish.text || (wish.launch && row.state === 'draft')) return false;
  if (!wish.customers !== (row.customer_ids === null)) return false;
  try {
    if (wish.customers)
      return isOneSet(await survivors(db, wish.customers), await survivors(db, row.customer_ids ?? []));
    const whom = await whomOf(db, wish);
    return 'filter' in whom && (await customers.frozenFilter(db, whom.filter)) === row.filter;
  } catch (error) {
    // Nobody is meant by it any more.
    if (error instanceof Problem || error instanceof customers.NoSegment) return false;
    throw error;
  }
}

function isOneSet(some: readonly string[], others: readonly string[]): boolean {
  const [one, other] = [new Set(some), new Set(others)];
  return one.size === other.size && [...one].every((id) => other.has(id));
}

async function whomOf(db: CompanyDb, { segment, where, customers: named }: NewCampaign): Promise<drafts.Whom> {
  if (named) return { ids: await survivors(db, named) };
  const params = new URLSearchParams((where ?? []).map((condition): [string, string] => ['where', condition]));
  if (segment !== undefined) params.set('segment', segment);
  const { errors } = customers.parseListState(params, db.company, await liveSegments(db));
  const [error] = errors;
  // An empty condition counts as none, and none is everybody.
  const empty = [...(where ?? []), ...(segment === undefined ? [] : [segment])].includes('');
  const piece = error?.piece ?? error?.text ?? '';
  if (error || empty) throw notUnderstood(error?.parameter ?? (where ? 'where' : 'segment'), piece);
  return { filter: params.toString() };
}

const notUnderstood = (path: string, piece: string) =>
  new Problem(422, `Nothing was kept. ${path}: ${JSON.stringify(piece.slice(0, 100))} is not understood.`, {
    errors: [{ path, message: `${JSON.stringify(piece.slice(0, 100))} is not understood` }],
  });

/** Whoever was merged since is the one that took over. Throws `Problem` 422 for an id of nobody. */
async function survivors(db: CompanyDb, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string; survivor: string | null }>(sql.survivors(ids));
  const found = new Map(rows.map(({ id, survivor }) => [id, survivor]));
  return ids.map((id, index) => {
    const survivor = found.get(id.toLowerCase());
    if (survivor) return survivor;
    const errors = [{ path: `customers.${index}`, message: 'is no customer of this company' }];
    throw new Problem(422, `Nothing was kept. customers: ${id} is no customer of this company.`, { errors });
  });
}
