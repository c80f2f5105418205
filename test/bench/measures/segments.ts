import { newId } from '../../../src/kernel/id.ts';
import { bars } from '../bars.ts';
import { type Cluster, query } from '../build/cluster.ts';
import { compare } from '../measure.ts';
import { pageRows, type Row } from '../report.ts';
import type { Stage } from '../stage.ts';
import { bareList, ourList, sameNumbers } from './targets.ts';

/** What is asked of ours, and by which name the bare pages know the same. */
const SEGMENTS: readonly { name: string; bare: string; where: readonly string[] }[] = [
  { name: 'one condition', bare: 'one', where: ['orders:gte:3'] },
  { name: 'three conditions', bare: 'three', where: ['gender:is:female', 'region:is:Kyiv', 'orders_total:gte:5000'] },
  {
    name: 'six conditions, in brackets',
    bare: 'six',
    where: [
      'gender:is:female',
      'any(orders:gte:4,all(orders_total:gte:5000,region:is:Kyiv|Lviv))',
      'none(messages:gte:1)',
      'activities:gte:2',
    ],
  },
];

/** Saved segments: their number as the page of the segments asks for it, and the list of one with its number. */
export async function segments(stage: Stage): Promise<Row[]> {
  const tag = await tagSome(stage.cluster, stage.main);
  const asked = [...SEGMENTS, { name: 'a tag of one in twenty', bare: `tag&tag=${tag}`, where: [`tag:is:${tag}`] }];
  const rows: Row[] = [];
  for (const { name, bare, where } of asked) {
    const id = await save(stage.cluster, stage.main, where);
    const [page, count] = [`/customers?segment=${id}`, `/segments/${id}/count`];
    await sameNumbers(stage, count, `/segment/count?name=${bare}`, /<p>(\d+) found/g);
    const { seconds } = stage.options;
    const numbers = await compare(
      { ...ourList(stage, count), expect: /\d/ },
      { ...bareList(stage, `/segment/count?name=${bare}`), expect: 'found' },
      seconds,
    );
    rows.push(...pageRows(`segment, ${name}: number`, numbers, bars.filter));
    const pages = await compare(ourList(stage, page), bareList(stage, `/segment?name=${bare}`), seconds);
    rows.push(...pageRows(`segment, ${name}: page with its number`, pages, bars.filter));
    await forget(stage.cluster, id);
  }
  return rows;
}

/** One in twenty customers has the tag; a kept database has it already. */
async function tagSome({ superuserUrl }: Cluster, companyId: string): Promise<string> {
  const [there] = await query<{ id: string }>(
    superuserUrl,
    `insert into tag (company_id, id, name, name_folded) values ($1, $2, 'Bench', 'bench')
     on conflict (company_id, name_folded) where gone_at is null do update set name = excluded.name returning id`,
    [companyId, newId()],
  );
  const id = there?.id ?? '';
  await query(
    superuserUrl,
    `insert into customer_tag (company_id, customer_id, tag_id)
     select company_id, id, $2 from customer where company_id = $1 and abs(hashtext(id::text)) % 20 = 0 on conflict do nothing`,
    [companyId, id],
  );
  await query(superuserUrl, 'vacuum analyze customer_tag', []);
  return id;
}

async function save({ superuserUrl }: Cluster, companyId: string, where: readonly string[]): Promise<string> {
  const filter = new URLSearchParams(where.map((text): [string, string] => ['where', text])).toString();
  const id = newId();
  await query(superuserUrl, 'insert into segment (company_id, id, name, filter) values ($1, $2, $3, $4)', [
    ...[companyId, id, `Bench ${id}`, filter],
  ]);
  return id;
}

const forget = ({ superuserUrl }: Cluster, id: string) =>
  query(superuserUrl, 'delete from segment where id = $1', [id]);
