import type { News } from '../../ledger/ledger.ts';
import type { Company } from '../../tenancy/company.ts';
import { fateOf, take } from '../told.ts';
import { channelsOf, sourceOf } from './ask.ts';
import type { Round } from './round.ts';
import * as sql from './sql.ts';

/** Asks for the last word on what the provider took long ago. */
export async function askSilent(round: Round, company: Company): Promise<void> {
  const { services, effort } = round;
  const now = services.clock();
  const rows = await services.tenancy.reading(company, (db) =>
    db.query<sql.OpenRow>(sql.silent(channelsOf(round), now, effort)),
  );
  for (let from = 0; from < rows.length; from += BATCH) {
    const { asked, news } = await ask(round, rows.slice(from, from + BATCH), now);
    if (asked.length === 0) return;
    await services.tenancy.inCompany(company, async (db) => {
      await db.execute(sql.asked(asked, now));
      await take(db, news);
    });
  }
}

/** So many answers are written down at once. */
const BATCH = 50;

async function ask(round: Round, rows: readonly sql.OpenRow[], now: Date): Promise<{ asked: string[]; news: News[] }> {
  const [asked, news]: [string[], News[]] = [[], []];
  for (const { id, sid, channel } of rows) {
    const source = sourceOf(round, channel);
    if (!sid || !source || !(await round.turn())) break;
    asked.push(id);
    try {
      const told = await source.provider.look(sid);
      const state = told && fateOf(told.status);
      if (state) news.push({ id, sid, state, errorCode: told.errorCode, at: now });
    } catch (error) {
      round.failed(error);
    }
  }
  return { asked, news };
}
