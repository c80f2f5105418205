/**
 * What each of the other pages needs at the least: its rows and its numbers, by the statements somebody would write who had no more to
 * show. $1, where it is named, is whom or what the page is about. Pages of the portal's own people run under the portal's role.
 */
export interface Bare {
  statements: readonly string[];
  portal?: boolean;
}

const mine = 'company_id = current_company()';
const page = (columns: string, table: string, where: string, order: string, limit = 50) =>
  `select ${columns} from ${table} where ${where} order by ${order} limit ${limit}`;
const newest = 'created_at desc, id desc';

const order = `
  select a.id, a.at, o.number, o.status, o.total, o.currency, o.items_count, c.name,
         (select array_agg(name order by line) from order_item i where i.company_id = a.company_id and i.order_id = a.id and i.line <= 3) as goods
  from arrival a join orders o on o.company_id = a.company_id and o.id = a.id
  left join customer c on c.company_id = a.company_id and c.id = a.customer_id
  where a.company_id = current_company()`;
const person = `select name, gender, region, orders_count, sum_all, last_activity_at from customer where ${mine} and id = $1`;
const contacts = `select kind, value from contact where ${mine} and customer_id = $1 order by kind, position`;
const phones = `select phone_key from contact where ${mine} and customer_id = $1 and kind = 'phone'`;
const presets = `
  select sum(customers) as all, sum(customers) filter (where day >= current_date - 90 and class = 'one') as new,
         sum(customers) filter (where day >= current_date - 90 and class = 'more') as loyal,
         sum(customers) filter (where day < current_date - 90 and class <> 'none') as inactive
  from activity_rollup`;
const users = 'left join app_user u on u.id = t.user_id';

export const others: Readonly<Record<string, Bare>> = {
  nothing: { statements: [] },
  orders: { statements: [`${order} and a.kind = 'order' order by a.at desc, a.id desc limit 20`] },
  order: {
    statements: [
      `${order} and a.id = $1`,
      `select line, sku, name, quantity, unit_price from order_item where ${mine} and order_id = $1 order by line`,
      `select kind, value, given from evidence where ${mine} and arrival_id = $1`,
    ],
  },
  customerOrders: {
    statements: [
      person,
      contacts,
      `${order} and a.customer_id = $1 and a.kind = 'order' order by a.at desc, a.id desc limit 20`,
    ],
  },
  customerMessages: {
    statements: [
      person,
      contacts,
      `select m.thread, max(a.at), count(*) from arrival a join message m on m.company_id = a.company_id and m.id = a.id
       where a.company_id = current_company() and a.customer_id = $1 and a.kind = 'message' group by m.thread order by 2 desc limit 20`,
    ],
  },
  customerFeedback: {
    statements: [
      person,
      contacts,
      `select a.at, f.rating, f.text from arrival a join feedback f on f.company_id = a.company_id and f.id = a.id
       where a.company_id = current_company() and a.customer_id = $1 and a.kind = 'feedback' order by a.at desc limit 20`,
    ],
  },
  customerReviews: {
    statements: [
      person,
      contacts,
      `select r.sentiment, r.reason, r.text, r.published_at from review r where r.phone_key in (${phones}) and r.withdrawn_at is null
       order by r.published_at desc limit 20`,
    ],
  },
  customerSms: {
    statements: [
      person,
      contacts,
      `select d.body, d.state, d.called_at, g.name from delivery d join campaign g on g.company_id = d.company_id and g.id = d.campaign_id
       where d.company_id = current_company() and d.customer_id = $1 order by d.created_at desc limit 20`,
    ],
  },
  customerConsents: {
    statements: [
      person,
      contacts,
      `select channel, granted, at from consent where ${mine} and address_key in (${phones})`,
    ],
  },
  customerHistory: {
    statements: [
      person,
      contacts,
      `select t.action, t.changes, t.at, u.name from customer_change t ${users} where t.company_id = current_company() and t.customer_id = $1
       order by t.at desc limit 20`,
    ],
  },
  customerIdentity: {
    statements: [
      person,
      contacts,
      `select kind, at from decision where ${mine} and (customer_id = $1 or other_id = $1) order by at desc limit 20`,
    ],
  },
  customerSegments: {
    statements: [
      person,
      contacts,
      `select id, name, filter from segment where ${mine} and deleted_at is null order by position`,
      person,
    ],
  },
  customerForm: { statements: [person, contacts] },
  segments: {
    statements: [
      `select id, name, filter from segment where ${mine} and deleted_at is null order by position`,
      presets,
      // Those that the benchmark has saved: `furnish`.
      `select ${[2, 3, 4, 5, 6].map((least) => `count(*) filter (where orders_count >= ${least})`).join(', ')} from customer c where c.listed`,
    ],
  },
  tags: {
    statements: [
      `select t.name, t.colour, (select count(*) from customer_tag c where c.company_id = t.company_id and c.tag_id = t.id) as customers
       from tag t where t.company_id = current_company() and t.gone_at is null order by t.name_folded`,
    ],
  },
  bulk: { statements: [page('action, tag_name, state, seen, changed, created_at', 'bulk', mine, newest)] },
  duplicates: {
    statements: [
      `select d.id, a.name, b.name as other, d.reason from duplicate d
       join customer a on a.company_id = d.company_id and a.id = d.customer_id join customer b on b.company_id = d.company_id and b.id = d.other_id
       where d.company_id = current_company() and d.state = 'open' order by d.created_at desc, d.id desc limit 20`,
      `select reason, count(*) from duplicate where ${mine} and state = 'open' group by reason`,
    ],
  },
  decisions: {
    statements: [
      `select d.kind, d.at, a.name, b.name as other from decision d left join customer a on a.company_id = d.company_id and a.id = d.customer_id
       left join customer b on b.company_id = d.company_id and b.id = d.other_id
       where d.company_id = current_company() order by d.at desc, d.id desc limit 20`,
    ],
  },
  imports: { statements: [page('file_name, state, rows_total, rows_done, created_at', 'import', mine, newest, 20)] },
  exports: {
    statements: [page('format, state, rows_total, size, created_at, expires_at', 'export', mine, newest, 20)],
  },
  deleted: {
    statements: [
      page('id, name, deleted_at', 'customer', `${mine} and trash is not null`, 'deleted_at desc, id desc', 20),
    ],
  },
  campaigns: {
    statements: [
      `select g.name, g.state, g.created_at, d.* from (select * from campaign where ${mine} order by created_at desc limit 20) g
       cross join lateral (select count(*) as all, count(*) filter (where state = 'delivered') as delivered from delivery d
         where d.company_id = g.company_id and d.campaign_id = g.id) d`,
    ],
  },
  campaign: {
    statements: [
      `select name, body, state, created_at from campaign where ${mine} and id = $1`,
      `select state, count(*), sum(parts) from delivery where ${mine} and campaign_id = $1 group by state`,
      page('address, state, body, called_at', 'delivery', `${mine} and campaign_id = $1`, 'id', 20),
    ],
  },
  stops: {
    statements: [
      page('hint, reason, at', 'suppression', mine, 'at desc, address_key desc', 20),
      `select count(*) from suppression where ${mine}`,
    ],
  },
  notices: { statements: [page('kind, data, created_at, read_at', 'notice', mine, newest, 20)] },
  members: {
    statements: [
      `select u.name, u.email, m.role from membership m join app_user u on u.id = m.user_id where m.company_id = current_company() order by u.name`,
    ],
    portal: false,
  },
  moderation: {
    statements: [
      `select m.id, m.created_at, v.text, v.sentiment, c.name from moderation_case m
       left join review_revision v on v.company_id = m.company_id and v.id = m.subject_id left join company c on c.id = m.company_id
       where m.decision is null order by m.created_at, m.id limit 20`,
      'select count(*) from moderation_case where decision is null',
    ],
    portal: true,
  },
  companies: {
    statements: ['select slug, name, plan, country, created_at from company order by name limit 50'],
    portal: true,
  },
  audit: {
    statements: [
      `select t.at, t.action, t.subject, u.email, c.name from audit_entry t ${users} left join company c on c.id = t.company_id
       order by t.at desc, t.id desc limit 50`,
    ],
    portal: true,
  },
};
