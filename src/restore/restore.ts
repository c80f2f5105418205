import * as journal from '../journal/journal.ts';
import * as ledger from '../ledger/ledger.ts';
import { log } from '../platform/log.ts';
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

/**
 * To be called before anybody sends: finds out whether this database is an older one than the journal knows, or stands somewhere else than
 * it stood. Then nothing is sent until the operator says so, everybody is signed out, what has not come to its end is in doubt, and STOPs,
 * refusals, erasures and launches that came after the backup are done once more. May be cut off and called again.
 */
export async function lookAtStart(services: Needed): Promise<State> {
  const unknown = await journal.unknown(services);
  const { place, known, empty } = await services.tenancy.inPortal(facts);
  if (empty || (known === null && unknown.length === 0)) {
    await services.tenancy.inPortal(async (db) => {
      await journal.adopt(db, unknown);
      await db.execute(sql.setPlace(place));
    });
  } else if (known !== place || unknown.length > 0) {
    log.warn({ files: unknown.length }, 'the database is a restored one: nothing is sent until restore:confirm');
    await reapply(services);
    await services.tenancy.inPortal((db) => db.execute(sql.setPlace(place)));
  }
  return state(services);
}

async function facts(db: PortalDb): Promise<{ place: string; known: string | null; empty: boolean }> {
  const [row] = await db.query<{ place: string; known: string | null; empty: boolean }>(sql.facts());
  if (!row) throw new Error('The database does not say where it is');
  return row;
}

/** What was done once more, by kind. */
export type Applied = Partial<Record<journal.Entry['kind'], number>>;

/** `all`: also what this database knows already; it changes nothing where that holds. */
export async function reapply(services: Needed, all = false): Promise<Applied> {
  const now = services.clock();
  await services.tenancy.inPortal(async (db) => {
    await db.execute(sql.hold(now));
    await db.execute(sql.endSessions());
    await db.execute(sql.endTexts());
  });
  const since = (await heldSince(services)) ?? now;
  for (const company of await services.tenancy.companiesOfOperator()) {
    await services.tenancy.inCompany(company, (db) => ledger.doubtAll(db, since), 600);
  }
  const applied: Applied = {};
  for (const id of all ? await journal.everything(services) : await journal.unknown(services)) {
    for (const entry of await journal.read(services, id)) {
      await apply(services, entry);
      applied[entry.kind] = (applied[entry.kind] ?? 0) + 1;
    }
    await services.tenancy.inPortal((db) => journal.adopt(db, [id]));
  }
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
