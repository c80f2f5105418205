import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { query } from '../bench/build/cluster.ts';
import type { Site } from '../bench/load.ts';
import type { Stage } from './stage.ts';
import type { Kept } from './visit.ts';
import { mailOf, type Works } from './works.ts';

/** One thing that had to be there: how much was wanted, how much was found, and what there is too much of. */
export interface Proof {
  what: string;
  wanted: number;
  found: number;
  doubled: number;
}

/** Whatever was acknowledged, looked for in the tables, past the portal. */
export async function proveKept({ cluster, company }: Stage, kept: Kept): Promise<Proof[]> {
  const count = async (text: string, values: unknown[]) => {
    const [row] = await query<{ found: number; rows: number }>(cluster.superuserUrl, text, [company.id, ...values]);
    return { found: row?.found ?? 0, doubled: (row?.rows ?? 0) - (row?.found ?? 0) };
  };
  const notes = [...kept.notes];
  const tags = [...kept.tags].map((text) => [text.slice(0, 36), text.slice(37)] as const);
  return [
    {
      what: 'edits',
      wanted: notes.length,
      ...(await count(EDITED, [notes.map(([id]) => id), notes.map(([, note]) => note)])),
    },
    {
      what: 'tags',
      wanted: tags.length,
      ...(await count(TAGGED, [tags.map(([id]) => id), tags.map(([, tag]) => tag)])),
    },
    { what: 'orders by the API', wanted: kept.orders.size, ...(await count(ORDERED, [[...kept.orders]])) },
  ];
}

const EDITED = `
  select count(*)::int as found, count(*)::int as rows from unnest($2::uuid[], $3::text[]) as w (id, note)
  join customer c on c.company_id = $1 and c.id = w.id and c.note = w.note`;

const TAGGED = `
  select count(*)::int as found, count(*)::int as rows from unnest($2::uuid[], $3::text[]) as w (id, tag)
  join tag t on t.company_id = $1 and t.name_folded = w.tag and t.gone_at is null
  join customer_tag ct on ct.company_id = $1 and ct.customer_id = w.id and ct.tag_id = t.id`;

const ORDERED = `
  select count(distinct external_id)::int as found, count(*)::int as rows from arrival
  where company_id = $1 and kind = 'order' and external_id = any($2) and customer_id is not null`;

/** Each row of the file is one customer, and each customer is of one row. */
export async function proveImport({ cluster, company, options }: Stage, stamp: string): Promise<Proof> {
  const [row] = await query<{ found: number; rows: number }>(
    cluster.superuserUrl,
    `select count(distinct customer_id)::int as found, count(*)::int as rows from contact
     where company_id = $1 and kind = 'email' and value like $2`,
    [company.id, `${mailOf(stamp)}%`],
  );
  const found = row?.found ?? 0;
  return { what: 'rows of the import', wanted: options.imported, found, doubled: (row?.rows ?? 0) - found };
}

interface Journal {
  refused: number;
  taken: { sid: string; to: string }[];
}

/** The provider's journal is the truth. Lost: to whom nothing was sent, or of whom it is said without being so. */
export async function proveCampaign(
  stage: Stage,
  { campaignId }: Works,
  file: string,
): Promise<Proof & { refused: number }> {
  const { taken, refused } = JSON.parse(readFileSync(file, 'utf8')) as Journal;
  const rows = await query<{ sid: string | null; to: string }>(
    stage.cluster.superuserUrl,
    'select sid, address as to from delivery where campaign_id = $1',
    [campaignId],
  );
  const bySid = new Map(taken.map((message) => [message.sid, message.to]));
  const found = rows.filter(({ sid, to }) => sid !== null && bySid.get(sid) === to).length;
  const doubled = taken.length - new Set(taken.map(({ to }) => to)).size;
  return { what: 'SMS of the campaign', wanted: stage.options.recipients, found, doubled, refused };
}

/** The file that people download has a line for every customer that its snapshot had. */
export async function proveExport(stage: Stage, owner: Site, { exportId }: Works): Promise<Proof> {
  const [row] = await query<{ rows: number; before: number }>(
    stage.cluster.superuserUrl,
    `select e.rows_done::int as rows,
            (select count(*)::int from customer c where c.company_id = e.company_id and c.listed and c.created_at < e.created_at) as before
     from export e where e.id = $1`,
    [exportId],
  );
  const lines = await linesOf(owner, `/exports/${exportId}/file`);
  // Whoever was there before it was asked for has to be in it; some may have come until it began.
  const least = stage.options.exported >= stage.options.customers ? (row?.before ?? 0) : stage.options.exported;
  const found = lines - 1;
  const wanted = row?.rows ?? -1;
  return {
    what: 'rows of the export',
    wanted: found < least ? least : wanted,
    found,
    doubled: Math.max(0, found - wanted),
  };
}

/** Without keeping any of it. No cell of these customers holds a line break. */
function linesOf({ port, agent, headers }: Site, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent, path, headers }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`${path} answered ${answer.statusCode}`));
      let lines = 0;
      answer.on('data', (chunk: Buffer) => {
        for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
      });
      answer.on('end', () => resolve(lines));
      answer.on('error', reject);
    }).on('error', reject);
  });
}
