import { searched } from '../bench/build/names.ts';
import { formOf, plain, tokenOf } from './forms.ts';
import type { Visit } from './visit.ts';

/** What people do, and how often; each is one click, or a form with the page before it. */
export interface Action {
  weight: number;
  /** who only reads is not shown it */
  writes?: true;
  run(visit: Visit): Promise<void>;
}

const FILTERS = [
  'where=gender:is:female&where=region:is:Kyiv&where=orders:gte:2',
  'where=orders:gte:3',
  'where=activity:within:3m&where=orders:eq:1',
  'where=orders_total:gte:5000&where=region:is:Lviv',
];
const PRESETS = ['new', 'loyal', 'inactive'];
const TABS = ['orders', 'messages', 'feedback', 'reviews', 'consents', 'history', 'sms'];

export const ACTIONS: Readonly<Record<string, Action>> = {
  list: {
    weight: 18,
    run: async (visit) => {
      const html = await visit.page('list', 'lists', '/customers', ROW);
      const next = /href="([^"]*[?&](?:amp;)?after(?:=|&#x3D;)[^"]*)"/.exec(html)?.[1];
      if (next && visit.random.chance(0.4)) await visit.page('list, next page', 'lists', plain(next), ROW);
    },
  },
  preset: {
    weight: 6,
    run: async (visit) => {
      const key = visit.random.pick(PRESETS);
      await visit.page('list, a preset', 'lists', `/customers?segment=${key}`, ROW);
    },
  },
  search: {
    weight: 12,
    run: async (visit) => {
      const { id, email, phone } = visit.someone();
      const [query, found] = visit.random.pick([
        [email, `/customers/${id}`],
        [phone.slice(5, 12), ROW],
        [visit.random.pick([searched.latin, searched.cyrillic]), ROW],
      ] as const);
      await visit.page('search', 'search and filter', `/customers?q=${encodeURIComponent(query)}`, found);
    },
  },
  filter: {
    weight: 9,
    run: async (visit) => {
      const conditions = visit.random.pick(FILTERS);
      await visit.page('filter', 'search and filter', `/customers?${conditions}`, 'page-head');
    },
  },
  customer: {
    weight: 20,
    run: async (visit) => {
      const { id, name } = visit.someone();
      await visit.page('customer', 'customer', `/customers/${id}`, name);
      if (visit.random.chance(0.7)) {
        const tab = visit.random.pick(TABS);
        await visit.page(`customer, ${tab}`, 'customer', `/customers/${id}/${tab}`, name);
      }
    },
  },
  edit: {
    weight: 6,
    writes: true,
    run: async (visit) => {
      const one = visit.own();
      const path = `/customers/${one.id}/edit`;
      const form = formOf(await visit.page('edit, the form', 'customer', path, 'edit-form'), 'edit-form');
      const note = `load ${visit.next()}`;
      form.set('note', note);
      await visit.post('edit, saved', 'writing', path, form, `/customers/${one.id}`);
      visit.kept.notes.set(one.id, note);
    },
  },
  tag: {
    weight: 6,
    writes: true,
    run: async (visit) => {
      const { id, name } = visit.own();
      const html = await visit.page('customer', 'customer', `/customers/${id}`, name);
      const tag = visit.random.pick(['call back', 'wholesale', 'birthday', 'returns often']);
      await visit.post('tag', 'writing', `/customers/${id}/tags`, new URLSearchParams({ tag }), `/customers/${id}`);
      visit.kept.tags.add(`${id} ${tag}`);
      visit.csrf(tokenOf(html));
    },
  },
  segments: {
    weight: 5,
    run: async (visit) => void (await visit.page('segments', 'segments', '/segments', 'segment')),
  },
  orders: {
    weight: 5,
    run: async (visit) => void (await visit.page('orders', 'lists', '/orders', '/orders/0')),
  },
  campaigns: {
    weight: 4,
    run: async (visit) => {
      await visit.page('campaigns', 'SMS', '/sms', 'campaigns');
      if (visit.campaign()) await visit.page('a campaign', 'SMS', `/sms/${visit.campaign()}`, 'id="campaign"');
    },
  },
  exports: {
    weight: 3,
    writes: true,
    run: async (visit) => void (await visit.page('exports', 'files', '/exports', 'id="exports"')),
  },
  imports: {
    weight: 3,
    writes: true,
    run: async (visit) => void (await visit.page('imports', 'files', '/imports', 'id="imports"')),
  },
  duplicates: {
    weight: 2,
    run: async (visit) => void (await visit.page('duplicates', 'lists', '/duplicates', 'page-head')),
  },
  apiRead: {
    weight: 6,
    run: async (visit) => {
      const { id } = visit.someone();
      await visit.read('API, the list', '/customers?per=50', ({ customers }) => isFull(customers, 50));
      await visit.read('API, a customer', `/customers/${id}`, (one) => one.id === id);
    },
  },
  apiSegments: {
    weight: 1,
    run: (visit) => visit.read('API, segments', '/segments', ({ segments }) => Array.isArray(segments)),
  },
  ingest: {
    weight: 8,
    run: (visit) => visit.ingest(),
  },
};

const ROW = '/customers/0';
const isFull = (list: unknown, most: number) => Array.isArray(list) && list.length === most;
