import { join, type Sql, sql } from '../platform/db.ts';

export interface OwnRow {
  kind: string;
  id: string;
}

// What a company has of each kind that an address can name, the newest of each. `company_id` is said although the wall says it too:
// what is asked here must be right also where the wall has a hole.
export const own = (companyId: string): Sql => {
  const c = sql`company_id = ${companyId}::uuid`;
  const newest = (kind: string, from: Sql): Sql =>
    sql`(select ${kind}::text as kind, x.id::text as id from (${from}) x)`;
  return sql`${join(
    [
      newest('deleted', sql`select id from customer where ${c} and deleted_at is not null order by id desc limit 1`),
      newest('duplicate', sql`select id from duplicate where ${c} and state = 'open' limit 1`),
      newest('decision', sql`select step_id as id from decision where ${c} and undone_at is null limit 1`),
      newest('proposal', sql`select id from shared_proposal where ${c} limit 1`),
      newest('suppression', sql`select address_key as id from suppression where ${c} limit 1`),
      newest('tag', sql`select id from tag where ${c} and gone_at is null limit 1`),
      newest('bulk', sql`select id from bulk where ${c} order by created_at desc limit 1`),
      newest('message', sql`select id from arrival where ${c} and kind = 'message' order by at desc, id desc limit 1`),
      newest(
        'feedback',
        sql`select id from arrival where ${c} and kind = 'feedback' order by at desc, id desc limit 1`,
      ),
      newest('ownReview', sql`select id from own_review where ${c} order by created_at desc limit 1`),
      newest('export', sql`select id from export where ${c} order by created_at desc limit 1`),
      newest('import', sql`select id from import where ${c} order by created_at desc limit 1`),
      newest('campaign', sql`select id from campaign where ${c} and state <> 'draft' order by created_at desc limit 1`),
      newest('draft', sql`select id from campaign where ${c} and state = 'draft' order by created_at desc limit 1`),
      newest('notice', sql`select id from notice where ${c} order by created_at desc limit 1`),
      newest('user', sql`select user_id as id from membership where ${c} limit 1`),
      newest('invitation', sql`select id from invitation where ${c} limit 1`),
      newest('segment', sql`select id from segment where ${c} and deleted_at is null order by created_at desc limit 1`),
      newest('code', sql`select code as id from delivery where ${c} and code is not null limit 1`),
    ],
    ' union all ',
  )}`;
};

export interface CanaryRow {
  id: string;
  email: string | null;
  phone: string | null;
  order_id: string | null;
}

// The newest, and some from anywhere: ids begin with the time they were made at.
export const canaries = (companyId: string, somewhere: string): Sql => sql`
  select c.id,
    (select value from contact k where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 'email' limit 1) as email,
    (select value from contact k where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 'phone' limit 1) as phone,
    (select a.id from arrival a where a.company_id = c.company_id and a.customer_id = c.id and a.kind = 'order' limit 1) as order_id
  from (
    (select company_id, id from customer where company_id = ${companyId}::uuid and listed order by id desc limit 2)
    union
    (select company_id, id from customer where company_id = ${companyId}::uuid and listed and id >= ${somewhere}::uuid order by id limit 3)
  ) c`;

/** Of these ids, those of customers and of what came from them. */
export const owned = (companyId: string, ids: readonly string[]): Sql => sql`
  select id from customer where company_id = ${companyId}::uuid and id = any(${[...ids]}::uuid[])
  union select id from arrival where company_id = ${companyId}::uuid and id = any(${[...ids]}::uuid[])`;

/** Of these phones and e-mails, those that the company knows: as a customer's, or as somebody's who works there. */
export const known = (companyId: string, values: readonly string[]): Sql => sql`
  select value from contact where company_id = ${companyId}::uuid and value = any(${[...values]}::text[])
  union select value from evidence where company_id = ${companyId}::uuid and value = any(${[...values]}::text[])
  union select value from trash_contact where company_id = ${companyId}::uuid and value = any(${[...values]}::text[])
  union select email from invitation where company_id = ${companyId}::uuid and email = any(${[...values]}::text[])
  union select u.email from membership m join app_user u on u.id = m.user_id
    where m.company_id = ${companyId}::uuid and u.email = any(${[...values]}::text[])`;

export const small = (companyId: string, most: number): Sql => sql`
  select count(*)::int as count from (select from customer where company_id = ${companyId}::uuid and listed limit ${most + 1}) c`;

/** A user of the rehearsal, who goes with it. */
export const rehearsalUser = (id: string, email: string): Sql => sql`
  insert into app_user (id, email, name) values (${id}::uuid, ${email}, 'Watch')`;

export const rehearsalMember = (companyId: string, userId: string): Sql => sql`
  insert into membership (company_id, user_id, role) values (${companyId}::uuid, ${userId}::uuid, 'owner')`;

export const rehearsalSignIn = (id: string, userId: string): Sql => sql`
  insert into sign_in (id, user_id, browser, address) values (${id}::uuid, ${userId}::uuid, '', '')`;

/** No code opens it: nobody signs in with it. */
export const rehearsalFactor = (userId: string, stamp: string): Sql => sql`
  insert into second_factor (user_id, secret, stamp, last_step) values (${userId}::uuid, '', ${stamp}::uuid, 0)`;

export const unfinishedExports = (companyId: string): Sql => sql`
  select id from export where company_id = ${companyId}::uuid and state in ('queued', 'running')`;

/** What was written to this address in the rehearsal, newest first. */
export const letters = (address: string): Sql => sql`
  select subject || E'\n' || body as text from outbox where address = ${address} order by created_at desc, id desc`;

export interface CompanyRow {
  id: string;
  number: bigint;
  watch: boolean;
}

// Who was not opened for longest is next; those of the portal itself come along every time.
export const next = (limit: number): Sql => sql`
  (select c.id, c.number, c.watch from company c where c.watch order by c.id)
  union all
  (select c.id, c.number, c.watch from company c left join wall_visit v on v.visited = c.id
   where not c.watch order by v.at nulls first, c.id limit ${limit})`;

export const companies = (): Sql => sql`select count(*)::int as count from company where not watch`;

export const visited = (companyId: string, now: Date): Sql => sql`
  insert into wall_visit (visited, at) values (${companyId}::uuid, ${now}::timestamptz)
  on conflict (visited) do update set at = excluded.at`;

export interface RunRow {
  id: string;
  state: 'queued' | 'running' | 'done' | 'failed';
  asked_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  companies_total: bigint;
  companies: bigint;
  addresses: bigint;
  addresses_total: bigint;
  answers: bigint;
  failures: bigint;
  canaries: bigint;
  leaks: bigint;
  error: string | null;
  asker: string | null;
}

const runColumns = sql`r.id, r.state, r.asked_at, r.started_at, r.finished_at, r.companies_total, r.companies, r.addresses,
  r.addresses_total, r.answers, r.failures, r.canaries, r.leaks, r.error, u.name as asker`;

export const insertRun = (id: string, userId: string | null): Sql => sql`
  insert into wall_run (id, asked_by) values (${id}::uuid, ${userId}::uuid)`;

export const unfinished = (): Sql =>
  sql`select id from wall_run where state in ('queued', 'running') limit 1 for share`;

export const lockAsking = (): Sql => sql`select pg_advisory_xact_lock(hashtext('walls'))::text`;

export const runs = (limit: number, before: string | null): Sql => sql`
  select ${runColumns} from wall_run r left join app_user u on u.id = r.asked_by
  where ${before === null} or (r.asked_at, r.id) < (select b.asked_at, b.id from wall_run b where b.id = ${before}::uuid)
  order by r.asked_at desc, r.id desc limit ${limit}`;

/** A run that was cut off begins anew. */
export const begin = (id: string, now: Date): Sql => sql`
  update wall_run set state = 'running', started_at = ${now}::timestamptz, companies = 0, addresses = 0, answers = 0, failures = 0,
         canaries = 0, leaks = 0, error = null
  where id = ${id}::uuid and state in ('queued', 'running') returning id`;

export const dropFindings = (runId: string): Sql => sql`delete from wall_finding where run_id = ${runId}::uuid`;

export interface Figures {
  companiesTotal: number;
  companies: number;
  addresses: number;
  addressesTotal: number;
  answers: number;
  failures: number;
  canaries: number;
  leaks: number;
}

export const progress = (id: string, f: Figures): Sql => sql`
  update wall_run set companies_total = ${f.companiesTotal}, companies = ${f.companies}, addresses = ${f.addresses},
         addresses_total = ${f.addressesTotal}, answers = ${f.answers}, failures = ${f.failures}, canaries = ${f.canaries}, leaks = ${f.leaks}
  where id = ${id}::uuid and state = 'running'`;

export const end = (id: string, state: 'done' | 'failed', error: string | null, now: Date): Sql => sql`
  update wall_run set state = ${state}, error = ${error}, finished_at = ${now}::timestamptz
  where id = ${id}::uuid and state in ('queued', 'running') returning id`;

export interface Finding {
  id: string;
  shownTo: string;
  belongsTo: string | null;
  route: string;
  address: string;
  what: 'id' | 'word' | 'phone' | 'email' | 'stranger' | 'status';
  detail: string;
}

export const insertFinding = (runId: string, f: Finding): Sql => sql`
  insert into wall_finding (id, run_id, shown_to, belongs_to, route, address, what, detail)
  values (${f.id}::uuid, ${runId}::uuid, ${f.shownTo}::uuid, ${f.belongsTo}::uuid, ${f.route}, ${f.address}, ${f.what}, ${f.detail})`;

export interface FindingRow {
  run_id: string;
  at: Date;
  shown_to: string | null;
  belongs_to: string | null;
  route: string;
  address: string;
  what: Finding['what'];
  detail: string;
}

export const findings = (runIds: readonly string[], limit: number): Sql => sql`
  select f.run_id, f.at, s.name as shown_to, b.name as belongs_to, f.route, f.address, f.what, f.detail
  from wall_finding f left join company s on s.id = f.shown_to left join company b on b.id = f.belongs_to
  where f.run_id = any(${[...runIds]}::uuid[]) order by f.at desc, f.id desc limit ${limit}`;

/** What leaked is kept. */
export const clear = (days: number): Sql => sql`
  delete from wall_run where leaks = 0 and asked_at < now() - ${days} * interval '1 day'`;

export const admins = (): Sql => sql`select email, locale from app_user where admin and disabled_at is null`;

export interface FigureRow {
  finished_at: Date | null;
  companies: bigint | null;
  answers: bigint | null;
  failures: bigint;
  leaks: bigint;
}

// Failures are those of the newest that ended, however it did.
export const figures = (): Sql => sql`
  select r.finished_at, r.companies, r.answers, (select coalesce(sum(leaks), 0)::bigint from wall_run) as leaks,
    coalesce((select case when state = 'failed' then greatest(failures, 1) else failures end
              from wall_run where state in ('done', 'failed') order by asked_at desc, id desc limit 1), 0)::bigint as failures
  from (select 1) one left join lateral (
    select finished_at, companies, answers from wall_run where state = 'done' order by asked_at desc, id desc limit 1) r on true`;
