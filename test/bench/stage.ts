import type { Child } from '../../src/platform/children.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { rootPath } from '../../src/platform/root.ts';
import { type Cluster, query } from './build/cluster.ts';
import { type Site, site } from './load.ts';
import type { Options } from './options.ts';
import type { Ours } from './ours.ts';
import { answers, startProgram } from './processes.ts';
import type { Row } from './report.ts';

/** What the measures play on: the database, the bare pages, and ours. */
export interface Stage {
  options: Options;
  cluster: Cluster;
  /** id of the big company */
  main: string;
  bare: Site;
  ours: Ours;
  sample: Sample;
}

/** What to look for in the big company. */
export interface Sample {
  ids: string[];
  email: string;
  /** seven digits out of the middle of a phone */
  digits: string;
}

export type Measure = (stage: Stage) => Promise<Row[]>;

export async function startBare(cluster: Cluster, main: string): Promise<{ site: Site; child: Child }> {
  const port = await freePort();
  const env = { DATABASE_URL: cluster.url, COMPANY: main, ZONE: 'Europe/Kyiv', PORT: String(port) };
  const child = await startProgram('bare', cluster.dataDir, rootPath('test', 'bench', 'bare', 'pages.ts'), [], env);
  const bare = site(port);
  await answers('the bare server', cluster.dataDir, child, bare, '/list');
  return { site: bare, child };
}

export async function drawSample({ superuserUrl }: Cluster, main: string): Promise<Sample> {
  const rows = await query<{ id: string; email: string; phone: string }>(superuserUrl, SAMPLE, [main]);
  const [first] = rows;
  if (!first) throw new Error('the big company has no customers');
  return { ids: rows.map((row) => row.id), email: first.email, digits: first.phone.slice(5, 12) };
}

// From all over the time line: old customers are as likely to be looked for as new ones.
const SAMPLE = `
  select c.id, min(value) filter (where kind = 'email') as email, min(value) filter (where kind = 'phone') as phone
  from (select company_id, id from customer where company_id = $1 order by hashtext(id::text) limit 500) c
  join contact k on k.company_id = c.company_id and k.customer_id = c.id group by c.id order by hashtext(c.id::text)`;
