import { type Sql, sql } from '../platform/db.ts';
import { kept } from '../platform/plans.ts';

// One round trip opens the wall: the role loses every right but the company's, the setting names the company.
export const enterCompany = (companyId: string): Sql =>
  kept(sql`select set_config('role', 'clientele_company', true), set_config('app.company_id', ${companyId}, true)`);

export const enterPortal = (): Sql =>
  sql`select set_config('role', 'clientele_portal', true), set_config('app.company_id', '', true)`;

export const begin = sql`begin read only`;
export const beginInPortal = sql`${begin}; ${enterPortal()}`;
/** After a failed statement it takes everything back, like a rollback. */
export const commit = sql`commit`;

// Never "*": the plan is kept, and would be refused from the moment on in which the next version adds a column.
// One statement a request: the user, the company the session names (or the first one), the role there, and when this session was
// last seen, if it has not been ended.
export const member = (userId: string, companyId: string | null, signInId: string | null): Sql =>
  kept(sql`
  select u.id as user_id, u.email, u.name as user_name, u.locale as user_locale, u.theme, u.moderator, u.admin, m.role,
         c.id, c.slug, c.name, c.country, c.currency, c.timezone, c.locale, c.plan, c.identity, c.second_factor,
         (select count(*)::int from membership o where o.user_id = u.id) as companies,
         encode(sha256(convert_to(coalesce(u.password_hash, ''), 'UTF8')), 'hex') as password_stamp,
         f.stamp as factor_stamp,
         (select p.value = 'true' from portal_setting p where p.name = 'secondFactor.portal') as portal_second_factor,
         exists (select from portal_setting p where p.name = 'restored') as held,
         (select s.seen_at from sign_in s where s.id = ${signInId}::uuid and s.user_id = u.id) as seen_at,
         (select count(*)::int from notice n
          where n.company_id = m.company_id and n.read_at is null and (n.user_id is null or n.user_id = u.id)) as unread,
         (select count(*)::int from (
            select from duplicate d where d.company_id = m.company_id and d.state = 'open' and d.decided_at is null limit 100
          ) waiting) as duplicates,
         case when u.moderator then (select count(*)::int from (
            select from moderation_case k where k.decision is null and (k.kind = 'revision'
              or exists (select from review w where w.id = k.review_id and w.withdrawn_at is null)) limit 100
          ) waiting) else 0 end as cases
  from app_user u
  left join lateral (
    select m.* from membership m where m.user_id = u.id
    order by (m.company_id = ${companyId}::uuid) desc nulls last, m.created_at, m.company_id limit 1
  ) m on true
  left join company c on c.id = m.company_id
  left join second_factor f on f.user_id = u.id
  where u.id = ${userId}::uuid and u.disabled_at is null`);

export const keyByHash = (hash: string): Sql => sql`
  select id, company_id, name, scopes from api_key where key_hash = ${hash} and revoked_at is null`;

export const keyUsed = (id: string): Sql => sql`
  update api_key set last_used_at = now()
  where id = ${id}::uuid and (last_used_at is null or last_used_at < now() - interval '1 minute')`;

export const companyBySlug = (slug: string): Sql => sql`select * from company where slug = ${slug}`;

export const companyById = (id: string): Sql => sql`select * from company where id = ${id}::uuid`;

export const allCompanies = (): Sql => sql`select * from company order by slug`;

export const passing = (userId: string, email: string): Sql => sql`
  insert into app_user (id, email, name) values (${userId}::uuid, ${email}, 'Watch')`;

export const beginPart = sql`savepoint part`;
export const endPart = sql`release savepoint part`;
export const dropPart = sql`rollback to savepoint part`;

export const savepoint = sql`savepoint attempt`;
export const rollback = sql`rollback to savepoint attempt`;
export const timeout = (milliseconds: number): Sql =>
  kept(sql`select set_config('statement_timeout', ${String(Math.min(milliseconds, LONGEST))}, true)`);

// What PostgreSQL takes as a limit at most: 24 days.
const LONGEST = 2 ** 31 - 1;

export const companyByNumber = (number: bigint): Sql => sql`select * from company where number = ${number}`;

export const hasCode = (code: string): Sql => sql`
  select 1 as one from delivery where company_id = current_company() and code = ${code}`;

interface Wanted {
  addressKey: string;
  senders: readonly string[];
  usual: boolean;
}

// One look by the number's key into each company: all indexes of companies begin with the company.
export const concerned = ({ addressKey, senders, usual }: Wanted): Sql => sql`
  select c.*, g.given, k.known, d.called_at, g.given is not null or d.called_at is not null or not g.has as uses
  from company c
  cross join lateral (
    select min(s.address) filter (where s.address = any(${[...senders]}::text[])) as given, count(*) > 0 as has
    from company_sender x join sender s on s.id = x.sender_id where x.company_id = c.id
  ) g
  cross join lateral (
    select exists (select from contact k where k.company_id = c.id and k.phone_key = ${addressKey}) as known
  ) k
  cross join lateral (
    select max(d.called_at) filter (where d.sender = any(${[...senders]}::text[])) as called_at, count(*) > 0 as planned
    from delivery d where d.company_id = c.id and d.address_key = ${addressKey}
  ) d
  where g.given is not null or d.called_at is not null or (${usual} and (k.known or d.planned or exists (
    select from suppression s where s.company_id = c.id and s.address_key = ${addressKey})))
  order by c.id`;

export const withoutSenders = (most: number): Sql => sql`
  select * from company c where not c.watch and not exists (select from company_sender x where x.company_id = c.id) order by c.id limit ${most}`;
