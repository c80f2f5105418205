import pg from 'pg';
import { list, parseListState } from '../../../src/customers/customers.ts';
import { dayOf, spanStart } from '../../../src/kernel/time.ts';
import { openDatabase, type Sql, sql } from '../../../src/platform/db.ts';
import { presetCounts } from '../../../src/segments/segments.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import type { CompanyDb } from '../../../src/tenancy/handles.ts';
import { openTenancy } from '../../../src/tenancy/tenancy.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { presetCounts as barePresetCounts, enter, newest } from '../bare/sql.ts';
import { bars } from '../bars.ts';
import { limitRow, type Row } from '../report.ts';
import type { Stage } from '../stage.ts';

/** How many pages of the database the statements of the list touch: a figure that no busy machine changes. */
export async function buffers({ cluster, main }: Stage): Promise<Row[]> {
  const database = openDatabase(cluster.url, 2);
  try {
    const tenancy = openTenancy(database, () => undefined, keyOfPhone);
    const company = await tenancy.companyOfOperator('bench');
    if (!company) throw new Error('there is no company bench');
    const ours = await tenancy.inCompany(company, (db) => ofOurList(db, company));
    const bare = await ofBareList(cluster.url, main);
    const row = limitRow('list, pages of the database touched', 'pages', sum(ours), bars.pages, sum(bare));
    return [{ ...row, note: `by statement: ${ours.join(' + ')} / ${bare.join(' + ')}` }];
  } finally {
    await database.close();
  }
}

async function ofOurList(db: CompanyDb, company: Company): Promise<number[]> {
  const touched: number[] = [];
  const watched = watch(db, touched);
  const now = new Date();
  const { state } = parseListState(new URLSearchParams(), company);
  await list(watched, state, now, await presetCounts(watched, now));
  return touched;
}

/** A handle that explains every statement before it answers: how many pages each touches is told. */
export const watch = (db: CompanyDb, touched: number[]): CompanyDb => ({
  ...db,
  query: async <Result>(statement: Sql): Promise<Result[]> => {
    const [row] = await db.query<Explained>(sql`explain (analyze, buffers, format json) ${statement}`);
    touched.push(pagesOf(row));
    return db.query<Result>(statement);
  },
});

async function ofBareList(url: string, main: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(enter, [main]);
    const since = dayOf(spanStart('3m', new Date(), 'Europe/Kyiv'), 'Europe/Kyiv');
    const counts = await client.query<Explained>(`explain (analyze, buffers, format json) ${barePresetCounts}`, [
      since,
    ]);
    const page = await client.query<Explained>(`explain (analyze, buffers, format json) ${newest}`);
    return [pagesOf(counts.rows[0]), pagesOf(page.rows[0])];
  } finally {
    await client.end();
  }
}

interface Explained {
  'QUERY PLAN': { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }[];
}

function pagesOf(row: Explained | undefined): number {
  const plan = row?.['QUERY PLAN'][0]?.Plan;
  return (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
