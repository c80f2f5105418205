import { bars } from '../bars.ts';
import { query } from '../build/cluster.ts';
import { furnish } from '../build/furnish.ts';
import { type Site, site, type Target } from '../load.ts';
import { compare } from '../measure.ts';
import { pageRows, type Row } from '../report.ts';
import type { Stage } from '../stage.ts';

type About = 'customer' | 'order' | 'campaign';
type Reader = 'owner' | 'moderator' | 'admin' | 'nobody';

interface Page {
  name: string;
  /** `:id` stands for what it is about */
  path: string;
  /** its statements in `bare/others.ts` */
  bare: string;
  about?: About;
  as?: Reader;
}

/** Every page that has no measure of its own, beside the least that such a page has to ask. */
const PAGES: readonly Page[] = [
  { name: 'a page that asks nothing: sign-in', path: '/login', bare: 'nothing', as: 'nobody' },
  { name: 'orders', path: '/orders', bare: 'orders' },
  { name: 'order', path: '/orders/:id', bare: 'order', about: 'order' },
  { name: 'customer: orders', path: '/customers/:id/orders', bare: 'customerOrders', about: 'customer' },
  { name: 'customer: messages', path: '/customers/:id/messages', bare: 'customerMessages', about: 'customer' },
  { name: 'customer: feedback', path: '/customers/:id/feedback', bare: 'customerFeedback', about: 'customer' },
  { name: 'customer: reviews', path: '/customers/:id/reviews', bare: 'customerReviews', about: 'customer' },
  { name: 'customer: SMS', path: '/customers/:id/sms', bare: 'customerSms', about: 'customer' },
  { name: 'customer: consents', path: '/customers/:id/consents', bare: 'customerConsents', about: 'customer' },
  { name: 'customer: history', path: '/customers/:id/history', bare: 'customerHistory', about: 'customer' },
  { name: 'customer: who is who', path: '/customers/:id/identity', bare: 'customerIdentity', about: 'customer' },
  { name: 'customer: segments', path: '/customers/:id/segments', bare: 'customerSegments', about: 'customer' },
  { name: 'customer: form', path: '/customers/:id/edit', bare: 'customerForm', about: 'customer' },
  { name: 'segments', path: '/segments', bare: 'segments' },
  { name: 'tags', path: '/tags', bare: 'tags' },
  { name: 'bulk actions', path: '/bulk', bare: 'bulk' },
  { name: 'duplicates', path: '/duplicates', bare: 'duplicates' },
  { name: 'decisions', path: '/duplicates/decisions', bare: 'decisions' },
  { name: 'imports', path: '/imports', bare: 'imports' },
  { name: 'exports', path: '/exports', bare: 'exports' },
  { name: 'deleted customers', path: '/customers/deleted', bare: 'deleted' },
  { name: 'campaigns', path: '/sms', bare: 'campaigns' },
  { name: 'campaign', path: '/sms/:id', bare: 'campaign', about: 'campaign' },
  { name: 'stops', path: '/sms/stops', bare: 'stops' },
  { name: 'notices', path: '/notices', bare: 'notices' },
  { name: 'people of the company', path: '/settings/users', bare: 'members' },
  { name: 'moderation', path: '/moderation', bare: 'moderation', as: 'moderator' },
  { name: 'companies', path: '/admin/companies', bare: 'companies', as: 'admin' },
  { name: 'audit log', path: '/admin/audit', bare: 'audit', as: 'admin' },
  // A key may call a hundred times a second: the API is no measure for ten clients.
];

export async function pages(stage: Stage): Promise<Row[]> {
  await furnish(stage.cluster, stage.main, stage.options.customers);
  const ids = await drawIds(stage);
  const readers = await enterAll(stage);
  const rows: Row[] = [];
  for (const page of PAGES) {
    const { name, path, bare, about, as = 'owner' } = page;
    const of = about ? ids[about] : [''];
    const pick = (n: number) => of[n % of.length] ?? '';
    const ours: Target = {
      site: readers[as],
      path: (n) => path.replace(':id', pick(n)),
      expect: '</h1>',
    };
    const least: Target = { site: stage.bare, path: (n) => `/other/${bare}?id=${pick(n)}`, expect: '</h1>' };
    rows.push(...pageRows(name, await compare(ours, least, stage.options.seconds), bars.page));
  }
  return rows;
}

async function drawIds({ cluster, main, sample }: Stage): Promise<Record<About, string[]>> {
  const ids = async (text: string) =>
    (await query<{ id: string }>(cluster.superuserUrl, text, [main])).map(({ id }) => id);
  return {
    customer: sample.ids,
    order: await ids(
      `select id from arrival where company_id = $1 and kind = 'order' order by hashtext(id::text) limit 200`,
    ),
    // The one with the most rows is the newest.
    campaign: await ids('select id from campaign where company_id = $1 order by created_at desc limit 1'),
  };
}

async function enterAll({ ours }: Stage): Promise<Record<Reader, Site>> {
  return {
    nobody: site(ours.port),
    owner: ours.pages,
    moderator: await ours.enter(['--moderator']),
    admin: await ours.enter(['--admin']),
  };
}
