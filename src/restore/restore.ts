import * as journal from '../journal/journal.ts';
import * as ledger from '../ledger/ledger.ts';
import { log } from '../platform/log.ts';
import type { JobName } from '../queue/contracts.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import { apply, type Needed } from './apply.ts';
import * as sql from './sql.ts';

export interface State {
  /** since when nothing is sent, because the database is a restored one; null: it is not */
  since: Date | null;
  /** deliveries of which it is not known yet whether they were sent after the backup */
  inDoubt: number;
}

/** To be called before anybody sends: `look`, and a word in the log as long as nothing is sent. */
export async function lookAtStart(services: Needed): Promise<State> {
  await look(services);
  const found = await state(services);
  if (found.since) log.warn(found, 'the database is a restored one: nothing is sent until restore:confirm');
  return found;
}

/**
 * Finds out whether this database is an older one than the journal knows, or stands somewhere else than it stood. Then nothing is sent
 * until the operator says so, everybody is signed out, letters and texts that waited are given up, what has not come to its end is in
 * doubt, and STOPs, refusals, erasures and launches that came after the backup are done once more. One that was never looked at and has
 * never sent anything is a new one beside an old journal: it has nothing to be held for, and what the journal says is done all the same.
 * May be cut off and called again, also beside others who send. `since`: whoever looks often looks only for files that were begun after.
 */
export async function look(services: Needed, since?: Date): Promise<void> {
  const strange = await journal.unknown(services, since);
  const { place, known, empty, used } = await services.tenancy.inPortal(facts);
  if (known === place && strange.length === 0) return;
  const unknown = since ? await journal.unknown(services) : strange;
  if (empty) await services.tenancy.inPortal((db) => journal.adopt(db, unknown));
  else if (known === null && !used) await replay(services, unknown);
  else if (known !== null || unknown.length > 0) {
    log.warn({ files: unknown.length }, 'the database is found to be a restored one');
    await reapply(services);
  }
  await services.tenancy.inPortal((db) => db.execute(sql.setPlace(place)));
}

interface Facts {
  place: string;
  /** where it said that it stands; null: it was never looked at */
  known: string | null;
  empty: boolean;
  /** whether anybody was ever written to */
  used: boolean;
}

async function facts(db: PortalDb): Promise<Facts> {
  const [row] = await db.query<Facts>(sql.facts());
  if (!row) throw new Error('The database does not say where it is');
  return row;
}

/** What was done once more, by kind. */
export type Applied = Partial<Record<journal.Entry['kind'], number>>;

/** Jobs that do nothing but write to people, who may have been written to since. Letters and texts themselves are rows of the outbox. */
const WRITES = ['password.letter', 'review.tell', 'review.gone'] as const satisfies readonly JobName[];

/** `all`: also what this database knows already; it changes nothing where that holds. */
export async function reapply(services: Needed, all = false): Promise<Applied> {
  const now = services.clock();
  await services.tenancy.inPortal((db) => db.execute(sql.hold(now)));
  const since = (await heldSince(services)) ?? now;
  await services.tenancy.inPortal(async (db) => {
    await db.execute(sql.endSessions());
    await db.execute(sql.endSignIns());
    await db.execute(sql.endTexts(since));
    await db.execute(sql.endJobs(WRITES, since));
  });
  for (const company of await services.tenancy.companiesOfOperator()) {
    await services.tenancy.inCompany(company, (db) => ledger.doubtAll(db, since), 600);
  }
  return replay(services, all ? await journal.everything(services) : await journal.unknown(services));
}

async function replay(services: Needed, files: readonly string[]): Promise<Applied> {
  const applied: Applied = {};
  for (const entry of await journal.read(services, files)) {
    await apply(services, entry);
    applied[entry.kind] = (applied[entry.kind] ?? 0) + 1;
  }
  await services.tenancy.inPortal((db) => journal.adopt(db, files));
  return applied;
}

const heldSince = async ({ tenancy }: Needed): Promise<Date | null> => {
  const [row] = await tenancy.inPortal((db) => db.query<{ since: string }>(sql.held()));
  return row ? new Date(row.since) : null;
};

/** From here on it is sent again: what is in doubt only once the provider was asked about it. */
export async function confirm(services: Needed): Promise<State> {
  await services.tenancy.inPortal((db) => db.execute(sql.release()));
  for (const company of await services.tenancy.companiesOfOperator()) {
    await services.tenancy.inCompany(company, async (db) => {
      for (const { id } of await db.query<{ id: string }>(sql.going())) {
        await enqueue(db, 'campaign.send', { campaignId: id });
      }
    });
  }
  return state(services);
}

export async function state(services: Needed): Promise<State> {
  let inDoubt = 0;
  for (const company of await services.tenancy.companiesOfOperator()) {
    inDoubt += await services.tenancy.reading(company, (db) => ledger.countDoubtful(db));
  }
  return { since: await heldSince(services), inDoubt };
}
