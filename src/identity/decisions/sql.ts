import { type Sql, sql } from '../../platform/db.ts';
import type { ContactKind } from '../contacts.ts';
import type { Because } from '../resolve.ts';

export interface LinkRow {
  what: 'apart' | 'move';
  /** apart: a customer; move: the arrival */
  one: string;
  other: string;
  /** the customer that the decision named, before it was merged with others */
  named: string;
  /** move: of the customer it leads to */
  created_at: Date | null;
}

/**
 * What people decided about these customers and arrivals, with merged customers led to their survivors: pairs taken apart, and where
 * an arrival was moved, or an earlier one of the same fingerprint: what was there before a move stays.
 */
export const links = (
  companyId: string,
  roots: string[],
  arrivals: string[],
  fingerprints: (string | null)[],
): Sql => sql`
  with near as (
    select id, id as root from customer where company_id = ${companyId}::uuid and id = any(${roots}::uuid[])
    union all
    select id, merged_into from customer where company_id = ${companyId}::uuid and merged_into = any(${roots}::uuid[])
  )
  select 'apart' as what, near.root::text as one, coalesce(o.merged_into, o.id)::text as other, o.id::text as named, null::timestamptz as created_at
  from near
  join lateral (
    select other_id as id from decision d where d.company_id = ${companyId}::uuid and d.customer_id = near.id and ${isApart}
    union all
    select customer_id from decision d where d.company_id = ${companyId}::uuid and d.other_id = near.id and ${isApart}
  ) pair on true
  join customer o on o.company_id = ${companyId}::uuid and o.id = pair.id
  where ${anyDecision(companyId)}
  union all
  select 'move', wanted.id::text, coalesce(c.merged_into, c.id)::text, c.id::text, r.created_at
  from unnest(${arrivals}::uuid[], ${fingerprints}::text[]) as wanted (id, fingerprint)
  join lateral (
    select d.customer_id from decision d
    where d.company_id = ${companyId}::uuid and d.kind = 'move' and d.undone_at is null
      and (d.arrival_id = wanted.id or (d.fingerprint = wanted.fingerprint and not exists (
        select from arrival a where a.company_id = ${companyId}::uuid and a.id = wanted.id and a.created_at <= d.at)))
    order by d.arrival_id = wanted.id desc, d.at desc, d.id desc limit 1
  ) moved on true
  join customer c on c.company_id = ${companyId}::uuid and c.id = moved.customer_id
  join customer r on r.company_id = ${companyId}::uuid and r.id = coalesce(c.merged_into, c.id) and r.deleted_at is null
  where ${anyDecision(companyId)}`;

const isApart = sql`d.kind in ('split', 'apart') and d.undone_at is null`;
const anyDecision = (companyId: string): Sql =>
  sql`exists (select from decision where company_id = ${companyId}::uuid and undone_at is null)`;

/** Most companies have no decision at all, and need not be asked for particular ones. */
export const isAnyDecided = (companyId: string): Sql => sql`select ${anyDecision(companyId)} as decided`;

/**
 * Those of these customers about whom a decision stands, or who were merged with one of that kind. Who did not change (`changed`) is
 * asked for moved orders only: what is proved by those alone may be proved by others now.
 */
export const decided = (companyId: string, ids: string[], changed: string[]): Sql => sql`
  select distinct near.root as id
  from (
    select id, coalesce(merged_into, id) as root from customer where company_id = ${companyId}::uuid and id = any(${ids}::uuid[])
    union
    select m.id, m.merged_into from customer m where m.company_id = ${companyId}::uuid and m.merged_into = any(${ids}::uuid[])
  ) near
  where ${anyDecision(companyId)} and exists (
    select from decision d where d.company_id = ${companyId}::uuid and d.customer_id = near.id and d.undone_at is null
      and (d.kind = 'move' or near.root = any(${changed}::uuid[]))
    union all
    select from decision d where d.company_id = ${companyId}::uuid and d.other_id = near.id and d.undone_at is null
      and near.root = any(${changed}::uuid[]))`;

export interface AtomRow {
  id: string;
  created_at: Date;
  merged_into: string | null;
}

/** These customers and all that was merged into them. Deleted ones have left the game. */
export const atoms = (companyId: string, roots: string[]): Sql => sql`
  select id, created_at, merged_into from customer
  where company_id = ${companyId}::uuid and deleted_at is null and id = any(${roots}::uuid[])
  union all
  select m.id, m.created_at, m.merged_into
  from customer m join customer r on r.company_id = m.company_id and r.id = m.merged_into and r.deleted_at is null
  where m.company_id = ${companyId}::uuid and m.merged_into = any(${roots}::uuid[])`;

export interface ContactRow {
  kind: ContactKind;
  value: string;
  given: string;
  customer_id: string;
  origin_id: string;
  shared: boolean;
  by_hand: boolean;
  created_at: Date;
}

export const contacts = (companyId: string, roots: string[]): Sql => sql`
  select kind, value, given, customer_id, origin_id, shared, by_hand, created_at from contact
  where company_id = ${companyId}::uuid and customer_id = any(${roots}::uuid[])
  order by position, created_at, value`;

export interface ArrivalRow {
  id: string;
  name: string | null;
  customer_id: string | null;
  because: Because | null;
  evidence: { kind: ContactKind; value: string; given: string }[];
}

/** The arrivals of these customers, those moved to them, and those that prove a contact of theirs; not those of deleted customers. */
export const arrivals = (companyId: string, roots: string[], kinds: string[], values: string[]): Sql => sql`
  with near as (
    select id from arrival where company_id = ${companyId}::uuid and customer_id = any(${roots}::uuid[])
    union
    select d.arrival_id from customer c join decision d on d.company_id = c.company_id and d.customer_id = c.id
    where c.company_id = ${companyId}::uuid and (c.id = any(${roots}::uuid[]) or c.merged_into = any(${roots}::uuid[]))
      and d.kind = 'move' and d.undone_at is null
    union
    select e.arrival_id from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
    join evidence e on e.company_id = ${companyId}::uuid and e.kind = wanted.kind and e.value = wanted.value
  )
  select a.id, a.name, a.customer_id,
         case when a.because_rule is not null
           then json_build_object('kind', a.because_kind, 'value', a.because_value, 'rule', a.because_rule) end as because,
         coalesce(e.evidence, '[]') as evidence
  from near join arrival a on a.company_id = ${companyId}::uuid and a.id = near.id
  cross join lateral (
    select json_agg(json_build_object('kind', e.kind, 'value', e.value, 'given', e.given) order by e.kind, e.value) as evidence
    from evidence e where e.company_id = ${companyId}::uuid and e.arrival_id = a.id
  ) e
  where not exists (select from customer c where c.company_id = a.company_id and c.id = a.customer_id and c.deleted_at is not null)`;

/** Whose these contacts are. */
export const owners = (companyId: string, kinds: string[], values: string[]): Sql => sql`
  select distinct k.customer_id as id from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
  join contact k on k.company_id = ${companyId}::uuid and k.kind = wanted.kind and k.value = wanted.value and not k.shared`;

export interface DecisionRow {
  id: string;
  kind: 'merge' | 'split' | 'apart' | 'move' | 'share';
  customer_id: string | null;
  other_id: string | null;
  arrival_id: string | null;
  contact_kind: ContactKind | null;
  contact_value: string | null;
  contacts: Homed[];
  given: { stayed?: Homed[]; ties?: Tie[]; closed?: string[] };
}

export interface Key {
  kind: ContactKind;
  value: string;
}

/** A contact, and the customer it belongs to however others are merged. */
export interface Homed extends Key {
  home: string;
}

/** Two customers that were one already when the decision was taken, by no decision of a person. */
export type Tie = [customerId: string, mergedId: string];

const decisionColumns = sql`
  d.id, d.kind, d.customer_id, d.other_id, d.arrival_id, d.contact_kind, d.contact_value, d.contacts, d.given`;

export interface StandingRow extends DecisionRow {
  /** in microseconds: as a Date it would have lost some of them */
  at: bigint;
}

/** Standing decisions about any of these customers, oldest first. */
export const standing = (companyId: string, ids: string[]): Sql => sql`
  select ${decisionColumns}, (extract(epoch from d.at) * 1000000)::bigint as at from decision d
  where d.company_id = ${companyId}::uuid and d.undone_at is null and d.kind <> 'share'
    and (d.customer_id = any(${ids}::uuid[]) or d.other_id = any(${ids}::uuid[]))
  order by d.at, d.id`;

/** Merges that no person decided: survivor and merged. */
export const automaticMerges = (companyId: string, ids: string[]): Sql => sql`
  select survivor_id, merged_id from customer_merge
  where company_id = ${companyId}::uuid and decided_by is null and merged_id = any(${ids}::uuid[])`;

export const survivorsOf = (companyId: string, ids: string[]): Sql => sql`
  select distinct coalesce(merged_into, id) as id from customer where company_id = ${companyId}::uuid and id = any(${ids}::uuid[])`;

export const insertDecisions = (companyId: string, userId: string | null, stepId: string, rows: string): Sql => sql`
  insert into decision (company_id, id, step_id, kind, customer_id, other_id, arrival_id, fingerprint, contact_kind, contact_value,
                        contacts, given, decided_by, at)
  select ${companyId}::uuid, id, ${stepId}::uuid, kind, customer_id, other_id, arrival_id, fingerprint, contact_kind, contact_value,
         coalesce(contacts, '[]'), coalesce(given, '{}'), ${userId}::uuid, clock_timestamp()
  from json_to_recordset(${rows}::json) as d (
    id uuid, kind text, customer_id uuid, other_id uuid, arrival_id uuid, fingerprint text, contact_kind text, contact_value text,
    contacts jsonb, given jsonb)`;

export const ofStep = (companyId: string, stepId: string): Sql => sql`
  select ${decisionColumns} from decision d
  where d.company_id = ${companyId}::uuid and d.step_id = ${stepId}::uuid and d.undone_at is null order by d.at, d.id`;

export const standingMove = (companyId: string, arrivalId: string): Sql => sql`
  select ${decisionColumns} from decision d
  where d.company_id = ${companyId}::uuid and d.arrival_id = ${arrivalId}::uuid and d.kind = 'move' and d.undone_at is null`;

export const standingShare = (companyId: string, { kind, value }: Key): Sql => sql`
  select step_id from decision
  where company_id = ${companyId}::uuid and kind = 'share' and contact_kind = ${kind} and contact_value = ${value} and undone_at is null`;

export const close = (companyId: string, ids: string[], userId: string | null): Sql => sql`
  update decision set undone_at = now(), undone_by = ${userId}::uuid
  where company_id = ${companyId}::uuid and id = any(${ids}::uuid[]) and undone_at is null`;

export const reopen = (companyId: string, ids: string[]): Sql => sql`
  update decision set undone_at = null, undone_by = null where company_id = ${companyId}::uuid and id = any(${ids}::uuid[])`;

export const setShared = (companyId: string, { kind, value }: Key, shared: boolean): Sql => sql`
  update contact set shared = ${shared} where company_id = ${companyId}::uuid and kind = ${kind} and value = ${value} returning customer_id as id`;

export const arrival = (companyId: string, id: string): Sql => sql`
  select a.customer_id, a.name, coalesce((
    select json_agg(json_build_object('kind', e.kind, 'value', e.value)) from evidence e
    where e.company_id = a.company_id and e.arrival_id = a.id), '[]') as contacts
  from arrival a where a.company_id = ${companyId}::uuid and a.id = ${id}::uuid`;

export const makeCustomer = (companyId: string, id: string): Sql => sql`
  insert into customer (company_id, id) values (${companyId}::uuid, ${id}::uuid)`;

// What a regrouping changes, written set by set.

export const moveContacts = (companyId: string, rows: string): Sql => sql`
  update contact k set customer_id = r.customer_id, origin_id = r.origin_id
  from json_to_recordset(${rows}::json) as r (kind text, value text, customer_id uuid, origin_id uuid)
  where k.company_id = ${companyId}::uuid and k.kind = r.kind and k.value = r.value`;

export const leadCustomers = (companyId: string, ids: string[], roots: (string | null)[]): Sql => sql`
  update customer c set merged_into = r.root, merged_at = case when r.root is null then null else coalesce(c.merged_at, now()) end
  from unnest(${ids}::uuid[], ${roots}::uuid[]) as r (id, root)
  where c.company_id = ${companyId}::uuid and c.id = r.id`;

export const moveArrivals = (companyId: string, rows: string): Sql => sql`
  update arrival a set customer_id = r.customer_id, because_kind = r.kind, because_value = r.value, because_rule = r.rule
  from json_to_recordset(${rows}::json) as r (id uuid, customer_id uuid, kind text, value text, rule text)
  where a.company_id = ${companyId}::uuid and a.id = r.id`;

export const logMerges = (companyId: string, userId: string | null, rows: string): Sql => sql`
  insert into customer_merge (company_id, id, survivor_id, merged_id, decided_by, contacts)
  select ${companyId}::uuid, id, survivor_id, merged_id, ${userId}::uuid, contacts
  from json_to_recordset(${rows}::json) as m (id uuid, survivor_id uuid, merged_id uuid, contacts jsonb)`;

/** Pairs that are decided now, one way or the other. */
export const settleDuplicates = (
  companyId: string,
  pairs: { one: string[]; other: string[] },
  state: 'merged' | 'dismissed' | 'open',
  userId: string | null,
): Sql => sql`
  update duplicate d set state = ${state}, decided_by = ${userId}::uuid, decided_at = case when ${state} = 'open' then null else now() end
  from unnest(${pairs.one}::uuid[], ${pairs.other}::uuid[]) as p (one, other)
  where d.company_id = ${companyId}::uuid and d.state <> ${state}
    and ((d.customer_id = p.one and d.other_id = p.other) or (d.customer_id = p.other and d.other_id = p.one))`;

export const savepoint = sql`savepoint rehearsal`;
export const rollback = sql`rollback to savepoint rehearsal`;

/**
 * A question about these customers, or about any merged into them, is open while it is about two who are there; else it rests.
 */
export const restQuestions = (companyId: string, ids: readonly string[]): Sql => sql`
  with people as (
    select id from customer where company_id = ${companyId}::uuid and id = any(${[...ids]}::uuid[])
    union
    select id from customer where company_id = ${companyId}::uuid and merged_into = any(${[...ids]}::uuid[])
  ), asked as (
    select d.id, d.state, case when one.listed and two.listed and one.id <> two.id then 'open' else 'resting' end as now
    from duplicate d
    join customer a on a.company_id = d.company_id and a.id = d.customer_id
    join customer b on b.company_id = d.company_id and b.id = d.other_id
    join customer one on one.company_id = d.company_id and one.id = coalesce(a.merged_into, a.id)
    join customer two on two.company_id = d.company_id and two.id = coalesce(b.merged_into, b.id)
    where d.company_id = ${companyId}::uuid and d.state in ('open', 'resting')
      and (d.customer_id in (select id from people) or d.other_id in (select id from people))
  )
  update duplicate d set state = asked.now
  from asked where d.company_id = ${companyId}::uuid and d.id = asked.id and asked.now <> asked.state`;
