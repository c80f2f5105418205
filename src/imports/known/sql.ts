import { type Sql, sql } from '../../platform/db.ts';

export interface OwnerRow {
  kind: 'account' | 'phone' | 'email';
  value: string;
  customer_id: string;
  shared: boolean;
}

// One by one, each the next one in the order of the key: see `knownContacts` of identity.
export const owners = (kinds: string[], values: string[]): Sql => sql`
  select known.*
  from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
  cross join lateral (
    select k.kind, k.value, k.customer_id, k.shared from contact k
    where k.company_id = current_company() and (k.kind, k.value) >= (wanted.kind, wanted.value)
    order by k.kind, k.value limit 1
  ) known
  where known.kind = wanted.kind and known.value = wanted.value`;

export interface CameRow {
  external_id: string;
  customer_id: string;
}

/** Rows that came in an earlier file, and to whom; not those of customers who were deleted since. */
export const came = (externalIds: string[]): Sql => sql`
  select known.external_id, known.customer_id
  from unnest(${[...new Set(externalIds)]}::text[]) as wanted (external_id)
  cross join lateral (
    select a.kind, a.external_id, a.customer_id from arrival a
    where a.company_id = current_company() and (a.kind, a.external_id) >= ('import', wanted.external_id)
    order by a.kind, a.external_id limit 1
  ) known
  cross join lateral (
    select deleted_at from customer c where c.company_id = current_company() and c.id = known.customer_id limit 1
  ) c
  where known.kind = 'import' and known.external_id = wanted.external_id and c.deleted_at is null`;

export interface FaceRow {
  id: string;
  name: string;
  gender: string | null;
  region: string | null;
  /** said by a person, an order, a message or a feedback: no file changes it */
  name_held: boolean;
  gender_held: boolean;
  region_held: boolean;
  /** md5 of the note and of the other channels; empty: there is none */
  noted: string;
  reachable: string;
  /** folded names */
  tags: string[];
}

const held = (column: Sql, byHand: Sql): Sql => sql`
  (${byHand} or exists (select from arrival a where a.company_id = c.company_id and a.customer_id = c.id and a.kind <> 'import' and ${column} is not null))`;

export const faces = (ids: string[]): Sql => sql`
  select c.id, c.name, c.gender, c.region, 
         case when c.note <> '' then md5(c.note) else '' end as noted,
         case when c.other_channels <> '' then md5(c.other_channels) else '' end as reachable,
         ${held(sql`a.name`, sql`c.name_by_hand`)} as name_held, ${held(sql`a.gender`, sql`c.gender_by_hand`)} as gender_held,
         ${held(sql`a.region`, sql`c.region_by_hand`)} as region_held,
         coalesce((select array_agg(t.name_folded) from customer_tag u join tag t on t.company_id = u.company_id and t.id = u.tag_id
                   where u.company_id = c.company_id and u.customer_id = c.id and t.gone_at is null), '{}') as tags
  from customer c where c.company_id = current_company() and c.id = any(${ids}::uuid[])`;

export const merged = (ids: string[]): Sql => sql`
  select id from customer where company_id = current_company() and id = any(${ids}::uuid[]) and merged_into is not null`;
