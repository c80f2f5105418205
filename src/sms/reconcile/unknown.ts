import type { Told } from '../../platform/sms.ts';
import type { Company } from '../../tenancy/company.ts';
import { fateOf, take } from '../told.ts';
import { channelsOf, sourceOf } from './ask.ts';
import { match } from './match.ts';
import type { Round } from './round.ts';
import * as sql from './sql.ts';

/** Looks for what may or may not have been handed over, number by number. */
export async function askUnknown(round: Round, company: Company): Promise<void> {
  const { services, effort } = round;
  const now = services.clock();
  const rows = await services.tenancy.reading(company, (db) =>
    db.query<sql.OpenRow>(sql.unknown(channelsOf(round), now, effort)),
  );
  for (const group of byNumber(rows)) {
    if (!(await round.turn())) return;
    const told = await ask(round, group);
    const taken = await takenOf(round, told);
    const found = match(group, told, taken);
    await services.tenancy.inCompany(company, async (db) => {
      await db.execute(
        sql.asked(
          group.map(({ id }) => id),
          now,
        ),
      );
      const news = found.flatMap(({ id, told: { sid, status, errorCode } }) => {
        const state = fateOf(status);
        return state ? [{ id, sid, state, errorCode, at: now }] : [];
      });
      await take(db, news);
    });
  }
}

function byNumber(rows: readonly sql.OpenRow[]): sql.OpenRow[][] {
  const groups = new Map<string, sql.OpenRow[]>();
  for (const row of rows) {
    const number = `${row.channel} ${row.address}`;
    groups.set(number, [...(groups.get(number) ?? []), row]);
  }
  return [...groups.values()];
}

// What was made before a call is looked at as well: clocks differ.
const MARGIN = 10 * 60_000;

async function ask(round: Round, group: readonly sql.OpenRow[]): Promise<Told[]> {
  const [first] = group;
  const source = first && sourceOf(round, first.channel);
  if (!source) return [];
  const since = Math.min(...group.map(({ called_at: at }) => at.getTime())) - MARGIN;
  try {
    return await source.provider.sentTo(source.addressOf(first.address), new Date(since));
  } catch (error) {
    round.failed(error);
    return [];
  }
}

/** Which of them belong to a delivery already. */
export async function takenOf({ services }: Round, told: readonly Told[]): Promise<Set<string>> {
  if (told.length === 0) return new Set();
  const sids = told.map(({ sid }) => sid);
  const rows = await services.tenancy.inPortal((db) => db.query<{ sid: string }>(sql.taken(sids)));
  return new Set(rows.map(({ sid }) => sid));
}
