export const enter = `select set_config('role', 'clientele_company', true), set_config('app.company_id', $1, true)`;
export const enterPortal = `select set_config('role', 'clientele_portal', true), set_config('app.company_id', '', true)`;

const columns = `c.id, c.name, c.gender, c.region, c.orders_count, c.threads_count, c.sum_all, c.feedback_count, c.last_activity_at, c.last_order_at`;
const newestFirst = 'order by c.latest_at desc, c.id desc';

export const newest = `select ${columns} from customer c where c.listed ${newestFirst} limit 20`;

export const presetCounts = `
  select sum(customers) as all, sum(customers) filter (where day >= $1::date and class = 'one') as new,
         sum(customers) filter (where day >= $1::date and class = 'more') as loyal,
         sum(customers) filter (where day < $1::date and class <> 'none') as inactive
  from activity_rollup`;

export const search = `
  select ${columns}, count(*) over () as total
  from find_customers($1, $2) as found (id) join customer c on c.company_id = current_company() and c.id = found.id
  ${newestFirst} limit 20`;

// The far page is found on the index alone; only its twenty rows are fetched.
export const jump = `
  select ${columns} from (
    select c.id from customer c where c.listed ${newestFirst} offset $1 limit 20
  ) page join customer c on c.company_id = current_company() and c.id = page.id ${newestFirst}`;

const about = `select count(distinct r.id) from contact k join review r on r.phone_key = k.phone_key and r.withdrawn_at is null
  where k.company_id = c.company_id and k.customer_id = c.id`;
const reviewed = `c.listed and c.id in (
  select k.customer_id from contact k join review r on r.phone_key = k.phone_key and r.withdrawn_at is null
  where k.company_id = current_company())`;
export const newestReviewed = `select ${columns}, (${about}) as feedback_count from customer c where c.listed ${newestFirst} limit 20`;
export const reviewedPage = `select ${columns} from customer c where ${reviewed} ${newestFirst} limit 20`;
export const reviewedCount = `select count(*) as total from customer c where ${reviewed}`;

const where = 'c.listed and c.gender = $1 and c.region = $2 and c.orders_count >= $3';
export const filter = `select ${columns} from customer c where ${where} ${newestFirst} limit 20`;
export const filterCount = `select count(*) as total from customer c where ${where}`;
export const filterValues = (query: Record<string, unknown>) => [query.gender, query.region, query.orders];

/** What the segments of the bench mean, written out. $1 is the tag, where there is one. */
const segments: Record<string, string> = {
  one: 'c.orders_count >= 3',
  three: `c.gender = 'female' and c.region = 'Kyiv' and c.sum_all >= 500000`,
  six: `c.gender = 'female' and (c.orders_count >= 4 or (c.sum_all >= 500000 and c.region = any('{Kyiv,Lviv}')))
    and not (c.threads_count >= 1) and c.activities_count >= 2`,
  tag: `exists (select from customer_tag u where u.company_id = c.company_id and u.customer_id = c.id and u.tag_id = $1)`,
};
const segment = (name: unknown) => `c.listed and ${segments[String(name)]}`;
export const segmentPage = (name: unknown) =>
  `select ${columns} from customer c where ${segment(name)} ${newestFirst} limit 20`;
export const segmentCount = (name: unknown) => `select count(*) as total from customer c where ${segment(name)}`;
export const segmentValues = (query: Record<string, unknown>) => (query.tag === undefined ? [] : [query.tag]);

export const customer = `select ${columns} from customer c where c.company_id = current_company() and c.id = $1`;
export const contacts = `select kind, value, given from contact where company_id = current_company() and customer_id = $1 order by kind, position`;
export const orders = `
  select a.at, o.number, o.status, o.total, o.currency, o.items_count, o.first_item
  from arrival a join orders o on o.company_id = a.company_id and o.id = a.id
  where a.company_id = current_company() and a.customer_id = $1 and a.kind = 'order' order by a.at desc, a.id desc limit 20`;
