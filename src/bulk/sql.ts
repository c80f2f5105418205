import { empty, type Sql, sql } from '../platform/db.ts';
import * as tags from '../tags/tags.ts';

export const ACTIONS = ['tag', 'untag', 'delete'] as const;
export type Action = (typeof ACTIONS)[number];
export type State = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'undoing' | 'undone';

interface NewBulk {
  id: string;
  companyId: string;
  userId: string;
  action: Action;
  tagId: string | null;
  tagName: string;
  filter: string;
  customerIds: readonly string[] | null;
  askedAt: Date;
}

export const insert = (bulk: NewBulk): Sql => sql`
  insert into bulk (company_id, id, user_id, action, tag_id, tag_name, filter, customer_ids, asked_at)
  values (${bulk.companyId}::uuid, ${bulk.id}::uuid, ${bulk.userId}::uuid, ${bulk.action}, ${bulk.tagId}::uuid, ${bulk.tagName},
          ${bulk.filter}, ${bulk.customerIds && [...bulk.customerIds]}::uuid[], ${bulk.askedAt.toISOString()}::timestamptz)`;

export const unfinished = (): Sql => sql`
  select count(*)::int as count from bulk where company_id = current_company() and state in ('queued', 'running', 'undoing')`;

export interface BulkRow {
  id: string;
  action: Action;
  tag_id: string | null;
  tag_name: string;
  filter: string;
  /** null: all that match the filter */
  ticked: number | null;
  asked_at: Date;
  state: State;
  total: bigint | null;
  seen: bigint;
  changed: bigint;
  undone: bigint;
  error: string | null;
  created_at: Date;
  finished_at: Date | null;
  user_id: string | null;
  user_name: string | null;
}

const columns = sql`
  b.id, b.action, b.tag_id, b.tag_name, b.filter, cardinality(b.customer_ids) as ticked, b.asked_at, b.state, b.total, b.seen,
  b.changed, b.undone, b.error, b.created_at, b.finished_at, b.user_id, u.name as user_name`;

export const list = (limit: number, before: string | null): Sql => sql`
  select ${columns} from bulk b left join app_user u on u.id = b.user_id
  where b.company_id = current_company()
  ${before ? sql`and (b.created_at, b.id) < (select o.created_at, o.id from bulk o where o.company_id = current_company() and o.id = ${before}::uuid)` : empty}
  order by b.created_at desc, b.id desc limit ${limit}`;

export const byId = (id: string): Sql => sql`
  select ${columns} from bulk b left join app_user u on u.id = b.user_id
  where b.company_id = current_company() and b.id = ${id}::uuid`;

/** One that is to go on. */
export interface Held {
  id: string;
  action: Action;
  tag_id: string | null;
  filter: string;
  customer_ids: string[] | null;
  asked_at: Date;
  user_id: string | null;
  total: bigint | null;
  reached: string | null;
}

// Locked: of two workers that hold it for their own, one works, and the other goes on from where that one has come.
export const hold = (id: string, states: readonly State[]): Sql => sql`
  select id, action, tag_id, filter, customer_ids, asked_at, user_id, total, reached
  from bulk where company_id = current_company() and id = ${id}::uuid and state = any(${[...states]}::text[]) for update`;

export const begin = (id: string, total: number): Sql => sql`
  update bulk set state = 'running', total = ${total}
  where company_id = current_company() and id = ${id}::uuid and state in ('queued', 'running')`;

/** The whole tag is there as long as this transaction lasts. */
export const keepTag = (id: string): Sql => sql`
  select id from tag where company_id = current_company() and id = ${id}::uuid and gone_at is null for share`;

/** Which customers: over the alias `c`. */
export const ticked = (ids: readonly string[]): Sql => sql`c.listed and c.id = any(${[...ids]}::uuid[])`;

export const count = (where: Sql): Sql =>
  sql`select count(*)::int as count from customer c where c.company_id = current_company() and ${where}`;

/** What a step is made of: whom, from where on, how many. */
export interface Step {
  where: Sql;
  reached: string | null;
  limit: number;
}

export interface Stepped {
  seen: number;
  changed: number;
  /** the last one seen; null: there was none */
  reached: string | null;
}

// By the key, whatever else the conditions could be looked up by: sorting all that match anew for every step would cost more the more
// there are. The step is a table of its own, so that what follows is planned for as few rows as it has.
const chosen = (companyId: string, { where, reached, limit }: Step): Sql => sql`
  chosen as materialized (
    select c.id from customer c
    where c.company_id = ${companyId}::uuid ${reached ? sql`and c.id > ${reached}::uuid` : empty} and ${where}
    order by c.id limit ${limit}
  )`;

const result = (changed: Sql): Sql => sql`
  select (select count(*)::int from chosen) as seen, (select count(*)::int from ${changed}) as changed,
         (select id from chosen order by id desc limit 1) as reached`;

const touch = (companyId: string, changed: Sql): Sql => sql`
  touched as (
    update customer c set updated_at = clock_timestamp() from ${changed} x
    where c.company_id = ${companyId}::uuid and c.id = x.customer_id
  )`;

/** Each tag it gives bears its id: what an undo goes by. Those that had the tag already keep theirs. */
export const tag = (companyId: string, { id, tag_id, user_id }: Held, step: Step): Sql => sql`
  with ${chosen(companyId, step)}, added as (
    insert into customer_tag (company_id, customer_id, tag_id, user_id, bulk_id)
    select ${companyId}::uuid, id, ${tag_id}::uuid, ${user_id}::uuid, ${id}::uuid from chosen
    on conflict do nothing returning customer_id
  ), ${touch(companyId, sql`added`)}
  ${result(sql`added`)}`;

/** Notes who had it from whom, and since when. Who got it back since an earlier bulk took it off is that one's no more. */
export const untag = (companyId: string, { id, tag_id }: Held, step: Step): Sql => sql`
  with ${chosen(companyId, step)}, taken as (
    delete from customer_tag g using chosen
    where g.company_id = ${companyId}::uuid and g.customer_id = chosen.id and g.tag_id = ${tag_id}::uuid
    returning g.customer_id, g.user_id, g.at
  ), noted as (
    insert into bulk_change (company_id, bulk_id, customer_id, had_by, had_at)
    select ${companyId}::uuid, ${id}::uuid, customer_id, user_id, at from taken on conflict do nothing
  ), ${tags.disclaimed(companyId, sql`${tag_id}::uuid`, sql`taken`)}, ${touch(companyId, sql`taken`)}
  ${result(sql`taken`)}`;

export const choose = (companyId: string, step: Step): Sql =>
  sql`with ${chosen(companyId, step)} select id from chosen order by id`;

export const note = (companyId: string, bulkId: string, ids: readonly string[]): Sql => sql`
  insert into bulk_change (company_id, bulk_id, customer_id)
  select ${companyId}::uuid, ${bulkId}::uuid, id from unnest(${[...ids]}::uuid[]) as id on conflict do nothing`;

export const advance = (id: string, { seen, changed, reached }: Stepped): Sql => sql`
  update bulk set seen = seen + ${seen}, changed = changed + ${changed}, reached = coalesce(${reached}::uuid, reached)
  where company_id = current_company() and id = ${id}::uuid`;

/** `seen` may differ from what was counted at first: customers came and went meanwhile. */
export const finish = (id: string, from: State, to: State): Sql => sql`
  update bulk set state = ${to}, finished_at = now() where company_id = current_company() and id = ${id}::uuid and state = ${from}
  returning user_id, changed, undone`;

export const fail = (id: string, error: string): Sql => sql`
  update bulk set state = 'failed', error = ${error}, finished_at = now()
  where company_id = current_company() and id = ${id}::uuid and state in ('queued', 'running', 'undoing') returning user_id`;

export const cancel = (id: string): Sql => sql`
  update bulk set state = 'cancelled', finished_at = now()
  where company_id = current_company() and id = ${id}::uuid and state in ('queued', 'running')`;

/** `since`: what was finished before is past its time. */
export const startUndo = (id: string, since: Date): Sql => sql`
  update bulk set state = 'undoing', error = null, reached = null
  where company_id = current_company() and id = ${id}::uuid and state in ('done', 'failed', 'cancelled')
    and finished_at >= ${since.toISOString()}::timestamptz and (action = 'delete' or tag_id is not null) and changed > undone
  returning changed - undone as left`;

/** A step of an undo; `reached` as for `Step`. */
export interface Undone {
  count: number;
  /** the last one; null: there was none */
  reached: string | null;
}

// From where it has come, not from the beginning: what has been deleted already would be walked over again for every step.
const behind = ({ reached }: Held): Sql => (reached ? sql`and customer_id > ${reached}::uuid` : empty);

const undoneResult = sql`
  select (select count(*)::int from chunk) as count, (select customer_id from chunk order by customer_id desc limit 1) as reached`;

// Only what is still this bulk's doing: a tag that somebody took off and put on again since is theirs. Who has been merged since has
// left the tag, with this mark, to the survivor.
export const undoTag = (companyId: string, held: Held, limit: number): Sql => sql`
  with chunk as materialized (
    select customer_id from customer_tag
    where company_id = ${companyId}::uuid and tag_id = ${held.tag_id}::uuid and bulk_id = ${held.id}::uuid ${behind(held)}
    order by customer_id limit ${limit}
  ), taken as (
    delete from customer_tag g using chunk
    where g.company_id = ${companyId}::uuid and g.customer_id = chunk.customer_id and g.tag_id = ${held.tag_id}::uuid
  ), ${touch(companyId, sql`chunk`)}
  ${undoneResult}`;

const changes = (companyId: string, held: Held, limit: number): Sql => sql`
  chunk as materialized (
    select customer_id, had_by, had_at from bulk_change
    where company_id = ${companyId}::uuid and bulk_id = ${held.id}::uuid ${behind(held)} order by customer_id limit ${limit}
  ), settled as (
    delete from bulk_change h using chunk
    where h.company_id = ${companyId}::uuid and h.bulk_id = ${held.id}::uuid and h.customer_id = chunk.customer_id
  )`;

// Who has been merged since leaves what comes back to the survivor, as a merge does.
export const undoUntag = (companyId: string, held: Held, limit: number): Sql => sql`
  with recursive ${changes(companyId, held, limit)}, heirs as (
    select customer_id, had_by, had_at from chunk
    union
    select c.merged_into, h.had_by, h.had_at from heirs h
    join customer c on c.company_id = ${companyId}::uuid and c.id = h.customer_id where c.merged_into is not null
  ), given as (
    insert into customer_tag (company_id, customer_id, tag_id, user_id, at)
    select distinct on (customer_id) ${companyId}::uuid, customer_id, ${held.tag_id}::uuid, had_by, coalesce(had_at, now())
    from heirs order by customer_id, had_at
    on conflict do nothing returning customer_id
  ), ${touch(companyId, sql`given`)}
  ${undoneResult}`;

export const chooseUndo = (companyId: string, held: Held, limit: number): Sql => sql`
  with ${changes(companyId, held, limit)} select customer_id as id from chunk order by customer_id`;

export const advanceUndo = (id: string, { count, reached }: Undone): Sql => sql`
  update bulk set undone = least(undone + ${count}, changed), reached = coalesce(${reached}::uuid, reached)
  where company_id = current_company() and id = ${id}::uuid`;

/** Whom a bulk of few has changed. */
export const changedBy = (companyId: string, id: string, limit: number): Sql => sql`
  select customer_id as id from bulk_change where company_id = ${companyId}::uuid and bulk_id = ${id}::uuid
  union
  select g.customer_id from bulk b
  join customer_tag g on g.company_id = b.company_id and g.tag_id = b.tag_id and g.bulk_id = b.id
    and g.customer_id = any(b.customer_ids)
  where b.company_id = ${companyId}::uuid and b.id = ${id}::uuid
  limit ${limit}`;

export const forget = (before: Date, limit: number): Sql => sql`
  with past as materialized (
    select h.bulk_id, h.customer_id from bulk b
    join bulk_change h on h.company_id = b.company_id and h.bulk_id = b.id
    where b.company_id = current_company() and b.finished_at < ${before.toISOString()}::timestamptz and b.state <> 'undoing'
    limit ${limit}
  )
  delete from bulk_change h using past
  where h.company_id = current_company() and h.bulk_id = past.bulk_id and h.customer_id = past.customer_id`;
