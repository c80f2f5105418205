import { type Sql, sql } from '../../../platform/db.ts';

// What a survivor gets beside contacts and arrivals: tags it had not, and what a person wrote on the merged one and on no survivor.

/** Each merge keeps note of the tags its merged customer brought. */
export const noteTags = (
  companyId: string,
  merges: { from: string[]; to: string[] },
  added: { customers: string[]; tags: string[] },
): Sql => sql`
  update customer_merge l set given = l.given || jsonb_build_object('tags', b.tags)
  from (
    select m.merged, jsonb_agg(a.tag_id) as tags
    from unnest(${merges.from}::uuid[], ${merges.to}::uuid[]) as m (merged, survivor)
    join unnest(${added.customers}::uuid[], ${added.tags}::uuid[]) as a (survivor, tag_id) on a.survivor = m.survivor
    join customer_tag t on t.company_id = ${companyId}::uuid and t.customer_id = m.merged and t.tag_id = a.tag_id
    group by m.merged
  ) b
  where l.company_id = ${companyId}::uuid and l.merged_id = b.merged and l.undone_at is null`;

/** Of these tags those that nobody brings who is still merged into the customer. */
export const unbrought = (companyId: string, customers: string[], tags: string[]): Sql => sql`
  select a.customer_id as "customerId", a.tag_id as "tagId"
  from unnest(${customers}::uuid[], ${tags}::uuid[]) as a (customer_id, tag_id)
  where not exists (
    select from customer m join customer_tag t on t.company_id = m.company_id and t.customer_id = m.id and t.tag_id = a.tag_id
    where m.company_id = ${companyId}::uuid and m.merged_into = a.customer_id)`;

export const carryFields = (companyId: string, from: string[], to: string[]): Sql => sql`
  with given as (
    select distinct on (m.survivor) m.survivor, m.merged,
           case when f.name_by_hand and not s.name_by_hand then f.name end as name,
           case when f.gender_by_hand and not s.gender_by_hand then coalesce(f.gender, '') end as gender,
           case when f.region_by_hand and not s.region_by_hand then coalesce(f.region, '') end as region
    from unnest(${from}::uuid[], ${to}::uuid[]) as m (merged, survivor)
    join customer f on f.company_id = ${companyId}::uuid and f.id = m.merged
    join customer s on s.company_id = ${companyId}::uuid and s.id = m.survivor
    where (f.name_by_hand and not s.name_by_hand) or (f.gender_by_hand and not s.gender_by_hand) or (f.region_by_hand and not s.region_by_hand)
    order by m.survivor, f.created_at, f.id
  ), written as (
    update customer s set
      name = coalesce(g.name, s.name), name_by_hand = s.name_by_hand or g.name is not null,
      gender = case when g.gender is null then s.gender else nullif(g.gender, '') end, gender_by_hand = s.gender_by_hand or g.gender is not null,
      region = case when g.region is null then s.region else nullif(g.region, '') end, region_by_hand = s.region_by_hand or g.region is not null
    from given g where s.company_id = ${companyId}::uuid and s.id = g.survivor
  )
  update customer_merge l
  set given = l.given || jsonb_build_object('fields', jsonb_strip_nulls(jsonb_build_object('name', g.name, 'gender', g.gender, 'region', g.region)))
  from given g where l.company_id = ${companyId}::uuid and l.merged_id = g.merged and l.undone_at is null`;

export interface Given {
  survivor_id: string;
  given: { tags?: string[]; fields?: Fields };
}

export interface Fields {
  name?: string;
  gender?: string;
  region?: string;
}

/** How these customers were merged into others, as far as that holds. */
export const standingMerges = (companyId: string, ids: string[]): Sql => sql`
  select survivor_id, merged_id, given from customer_merge
  where company_id = ${companyId}::uuid and merged_id = any(${ids}::uuid[]) and undone_at is null`;

/** A field that a person has changed since stays. */
export const takeBackFields = (companyId: string, rows: string): Sql => sql`
  update customer c set
    name_by_hand = c.name_by_hand and c.name is distinct from g.name,
    gender_by_hand = c.gender_by_hand and (g.gender is null or coalesce(c.gender, '') <> g.gender),
    region_by_hand = c.region_by_hand and (g.region is null or coalesce(c.region, '') <> g.region)
  from json_to_recordset(${rows}::json) as g (id uuid, name text, gender text, region text)
  where c.company_id = ${companyId}::uuid and c.id = g.id`;

export const logRevivals = (companyId: string, ids: string[]): Sql => sql`
  update customer_merge set undone_at = now()
  where company_id = ${companyId}::uuid and merged_id = any(${ids}::uuid[]) and undone_at is null
  returning survivor_id, given`;
