import { bars } from '../bars.ts';
import { searched } from '../build/names.ts';
import type { Site, Target } from '../load.ts';
import { compare } from '../measure.ts';
import { pageRows, type Row } from '../report.ts';
import type { Stage } from '../stage.ts';
import { bareList, ourList, read, sameNumbers } from './targets.ts';

/** The newest twenty with the four exact preset counts. */
export async function list(stage: Stage): Promise<Row[]> {
  await sameNumbers(stage, '/customers', '/list', /<li>\w+ (\d+)/g);
  const compared = await compare(ourList(stage, '/customers'), bareList(stage, '/list'), stage.options.seconds);
  return pageRows('list, newest 20, preset counts', compared, bars.list);
}

/** Page and total of searches with one hit, a few, and about 2,000 in a million, in both scripts. */
export async function search(stage: Stage): Promise<Row[]> {
  const { email, digits } = stage.sample;
  const queries = {
    'rare e-mail': email,
    '7 digits of a phone': digits,
    'last name, Latin': searched.latin,
    'last name, Cyrillic': searched.cyrillic,
  };
  const rows: Row[] = [];
  for (const [name, query] of Object.entries(queries)) {
    const [ours, bare] = [
      `/customers?q=${encodeURIComponent(query)}`,
      `/search?q=${encodeURIComponent(query.toLowerCase())}`,
    ];
    await sameNumbers(stage, `${ours}&count=wait`, bare, /<p>(\d+) found/g);
    const compared = await compare(ourList(stage, ours), bareList(stage, bare), stage.options.seconds);
    rows.push(...pageRows(`search, ${name}`, compared, bars.search));
  }
  return rows;
}

/** Next and previous from the middle of the list: the yardstick is our own first page. */
export async function deep(stage: Stage): Promise<Row[]> {
  const middle = await read(stage.ours.pages, `/customers?page=${middlePage(stage)}`);
  const links = ['after', 'before'].map((side) => linkOf(middle, side));
  const onward: Target = { ...ourList(stage, ''), path: (n) => links[n % 2] ?? '' };
  const compared = await compare(onward, ourList(stage, '/customers'), stage.options.seconds);
  return pageRows('next and previous in the middle (bare: our first page)', compared, bars.deep);
}

/** The page in the middle by its number: the yardstick finds it by a late join. */
export async function jump(stage: Stage): Promise<Row[]> {
  const page = middlePage(stage);
  const compared = await compare(
    ourList(stage, `/customers?page=${page}`),
    bareList(stage, `/jump?page=${page}`),
    stage.options.seconds,
  );
  return pageRows('jump to the middle by page number', compared, bars.jump);
}

const middlePage = ({ options }: Stage) => Math.floor(options.customers / 40);

function linkOf(html: string, side: string): string {
  const plain = html.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
  const link = new RegExp(`href="([^"]*[?&]${side}=[^"]*)"`).exec(plain)?.[1];
  if (!link) throw new Error(`the page in the middle has no link with ${side}=`);
  return link;
}

const CONDITIONS = 'where=gender:is:female&where=region:is:Kyiv&where=orders:gte:2';
const BARE_CONDITIONS = 'gender=female&region=Kyiv&orders=2';

/** Three conditions at once: the first page with the count of all that match, as ours shows it, and that count by itself. */
export async function filter(stage: Stage): Promise<Row[]> {
  const { seconds } = stage.options;
  const page = await compare(
    ourList(stage, `/customers?${CONDITIONS}`),
    bareList(stage, `/filter?${BARE_CONDITIONS}`),
    seconds,
  );
  await sameNumbers(stage, `/customers/total?${CONDITIONS}`, `/filter/count?${BARE_CONDITIONS}`, /<p>(\d+) found/g);
  const count = await compare(
    { ...ourList(stage, `/customers/total?${CONDITIONS}`), expect: /\d/ },
    { ...bareList(stage, `/filter/count?${BARE_CONDITIONS}`), expect: 'found' },
    seconds,
  );
  return [
    ...pageRows('filter, three conditions: page with its count', page, bars.filter),
    ...pageRows('filter, three conditions: count alone', count, bars.filter),
  ];
}

/** One customer with contacts and orders, another one each time. */
export async function customer(stage: Stage): Promise<Row[]> {
  const { ids } = stage.sample;
  const target = (site: Site, path: (id: string) => string, expect: string): Target => ({
    site,
    path: (n) => path(ids[n % ids.length] ?? ''),
    expect,
  });
  const ours = target(stage.ours.pages, (id) => `/customers/${id}`, '</h1>');
  const bare = target(stage.bare, (id) => `/customer?id=${id}`, '</h1>');
  return pageRows('customer page', await compare(ours, bare, stage.options.seconds), bars.customer);
}
