import { empty, type Sql, sql } from '../platform/db.ts';

export interface ObjectionRow {
  id: string;
  phoneKey: string;
  phoneHint: string;
  text: string;
  state: 'open' | 'upheld' | 'rejected';
  answer: string | null;
  createdAt: Date;
  decider: string | null;
  decidedAt: Date | null;
  /** published reviews about the number, which are hidden meanwhile */
  reviews: number;
  companies: number;
  /** the reader belongs to a company whose review it hides */
  own: boolean;
}

/** Whether the user belongs to a company with a published review about the number. */
const own = (userId: string) => sql`exists (
  select from membership b join own_review w on w.company_id = b.company_id
  where b.user_id = ${userId}::uuid and w.phone_key = o.phone_key and w.state = 'published' and w.withdrawn_at is null)`;

const objections = (userId: string) => sql`
  select o.id, o.phone_key as "phoneKey", o.phone_hint as "phoneHint", o.text, o.state, o.answer, o.created_at as "createdAt",
         u.name as decider, o.decided_at as "decidedAt", r.reviews, r.companies, ${own(userId)} as own
  from objection o left join app_user u on u.id = o.decided_by
  cross join lateral (
    select count(*)::int as reviews, count(distinct a.company_id)::int as companies
    from review v left join own_review a on a.phone_key = v.phone_key and a.id = v.id
    where v.phone_key = o.phone_key and v.withdrawn_at is null
  ) r`;

// Those that wait come first, the one that waits longest at the top.
export const listObjections = (
  state: 'open' | 'decided',
  limit: number,
  before: string | null,
  userId: string,
): Sql => sql`
  ${objections(userId)}
  where ${state === 'open' ? sql`o.state = 'open'` : sql`o.state <> 'open'`}
  ${before ? sql`and (o.created_at, o.id) < (select b.created_at, b.id from objection b where b.id = ${before}::uuid)` : empty}
  order by ${state === 'open' ? sql`o.created_at, o.id` : sql`o.created_at desc, o.id desc`} limit ${limit}`;

export const findObjection = (id: string, userId: string): Sql => sql`${objections(userId)} where o.id = ${id}::uuid`;

/** Of two administrators at the same instant one decides; nobody about a review of a company of one's own. */
export const decideObjection = (
  id: string,
  { state, answer, userId, now }: { state: 'upheld' | 'rejected'; answer: string; userId: string; now: Date },
): Sql => sql`
  update objection o set state = ${state}, answer = ${answer}, decided_by = ${userId}::uuid, decided_at = ${now}::timestamptz
  where o.id = ${id}::uuid and o.state = 'open' and not ${own(userId)}`;

// An objection that was upheld before holds for good.
export const showAgain = (phoneKey: string): Sql => sql`
  update phone_sharing set hidden_at = null
  where phone_key = ${phoneKey}
    and not exists (select from objection o where o.phone_key = ${phoneKey} and o.state in ('open', 'upheld'))`;

export const stayHidden = (phoneKey: string, now: Date): Sql => sql`
  insert into phone_sharing as s (phone_key, hidden_at) values (${phoneKey}, ${now}::timestamptz)
  on conflict (phone_key) do update set hidden_at = coalesce(s.hidden_at, excluded.hidden_at)`;

export interface SettingRow {
  name: string;
  value: unknown;
  updatedAt: Date;
  user: string | null;
}

export const settings = (): Sql => sql`
  select s.name, s.value, s.updated_at as "updatedAt", u.name as user
  from portal_setting s left join app_user u on u.id = s.updated_by`;

/** Nothing is touched where it stands like that already. */
export const setSetting = (name: string, value: boolean, userId: string, now: Date): Sql => sql`
  insert into portal_setting as s (name, value, updated_by, updated_at)
  values (${name}, to_jsonb(${value}::boolean), ${userId}::uuid, ${now}::timestamptz)
  on conflict (name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at
  where s.value is distinct from excluded.value`;
