import { each, type Sql, sql } from '../../../platform/db.ts';

export interface EvidenceRow {
  kind: 'account' | 'phone' | 'email';
  value: string;
}

export const evidence = (ids: string[]): Sql => sql`
  select distinct kind, value from evidence where company_id = current_company() and arrival_id in ${each(ids)}`;

// The row of one who was deleted and forgotten: what the shop posts again of these orders stays without a person.
export const insertNobody = (id: string): Sql => sql`
  insert into customer (company_id, id, deleted_at) values (current_company(), ${id}::uuid, now())`;

export const giveToNobody = (ids: string[], nobody: string): Sql => sql`
  update arrival set customer_id = ${nobody}::uuid where company_id = current_company() and id in ${each(ids)}`;

// Who was deleted keeps its contacts for a while, to be brought back with them.
export const inTrash = (phone: string): Sql => sql`
  select customer_id as id from trash_contact where company_id = current_company() and kind = 'phone' and value = ${phone}`;

// From whose card the number was taken away: the history tells so, with the number as one whole text.
export const inHistory = (phone: string): Sql => sql`
  select distinct customer_id as id from customer_change
  where company_id = current_company() and strpos(changes::text, '"' || ${phone} || '"') > 0`;

export const dropContact = (phone: string): Sql => sql`
  delete from contact where company_id = current_company() and kind = 'phone' and value = ${phone}`;

export interface BareRow {
  id: string;
  merged: boolean;
  deleted: boolean;
}

// Of these customers, those of whom nobody's order, message or feedback is left: what is still on the card was typed about this person.
// What was merged is another person's as long as a contact that came with it is there.
export const bare = (ids: string[]): Sql => sql`
  select c.id, c.merged_into is not null as merged, c.deleted_at is not null as deleted from customer c
  where c.company_id = current_company() and c.id = any(${ids}::uuid[])
    and not exists (select from arrival a where a.company_id = c.company_id and a.customer_id = c.id)
    and not exists (
      select from contact k join customer m on m.company_id = k.company_id and m.id = k.origin_id
      where k.company_id = c.company_id and k.origin_id = m.id
        and ((m.id = c.id and m.merged_into is not null) or m.merged_into = c.id))`;

// A merge that is undone must not bring the name back.
export const blankMerged = (ids: string[]): Sql => sql`
  update customer set name = '', name_folded = '', name_by_hand = false, gender = null, gender_by_hand = false, region = null,
         region_by_hand = false, note = '', other_channels = '', typed = false, updated_at = now()
  where company_id = current_company() and id in ${each(ids)}`;

export const dropChanges = (ids: string[]): Sql => sql`
  delete from customer_change where company_id = current_company() and customer_id = any(${ids}::uuid[])`;

export interface MemberRow {
  id: string;
  name: string;
}

/** These customers, and those that were merged into them. */
export const withMerged = (ids: string[]): Sql => sql`
  select id, name from customer
  where company_id = current_company() and (id = any(${ids}::uuid[]) or merged_into = any(${ids}::uuid[]))`;

export const namesOf = (ids: string[]): Sql => sql`
  select distinct name from arrival where company_id = current_company() and id in ${each(ids)} and name is not null`;

/** Of these contacts, those that nobody has any more. */
export const gone = (kinds: string[], values: string[]): Sql => sql`
  select kind, value from unnest(${kinds}::text[], ${values}::text[]) as lost (kind, value)
  where not exists (
    select from contact k where k.company_id = current_company() and k.kind = lost.kind and k.value = lost.value)`;

const among = (kinds: string[], values: string[]): Sql => sql`
  (because_kind, because_value) in (select kind, value from unnest(${kinds}::text[], ${values}::text[]) as gone (kind, value))`;

// Proofs of what was merged or asked name a contact by itself.
export const blankMergeProofs = (kinds: string[], values: string[]): Sql => sql`
  update customer_merge set because_kind = null, because_value = null where company_id = current_company() and ${among(kinds, values)}`;

export const blankDuplicateProofs = (kinds: string[], values: string[]): Sql => sql`
  update duplicate set because_kind = null, because_value = null where company_id = current_company() and ${among(kinds, values)}`;

export const dropShares = (kinds: string[], values: string[]): Sql => sql`
  delete from decision
  where company_id = current_company() and kind = 'share' and (contact_kind, contact_value) in (
    select kind, value from unnest(${kinds}::text[], ${values}::text[]) as gone (kind, value))`;

export const dropProposals = (kinds: string[], values: string[]): Sql => sql`
  delete from shared_proposal
  where company_id = current_company()
    and (kind, value) in (select kind, value from unnest(${kinds}::text[], ${values}::text[]) as gone (kind, value))`;

export const dropTrash = (ids: string[], kinds: string[], values: string[]): Sql => sql`
  delete from trash_contact
  where company_id = current_company() and customer_id = any(${ids}::uuid[])
    and (kind, value) in (select kind, value from unnest(${kinds}::text[], ${values}::text[]) as gone (kind, value))`;

// A name that a person had typed went to the survivor with the merge: it is the name of the one who is forgotten.
export const takeNameBack = (merged: string[]): Sql => sql`
  update customer c set name_by_hand = false
  from customer_merge m
  where m.company_id = current_company() and m.merged_id = any(${merged}::uuid[]) and m.undone_at is null
    and c.company_id = current_company() and c.id = m.survivor_id and c.name_by_hand and c.name = m.given -> 'fields' ->> 'name'`;

export const forgetGiven = (merged: string[]): Sql => sql`
  update customer_merge set given = given - 'fields' where company_id = current_company() and merged_id = any(${merged}::uuid[])`;

/** JSON in which what is forgotten may stand, each with the row and column it is in. */
export interface Note {
  source: keyof typeof PLACES;
  id: string;
  json: unknown;
}

export const notes = (ids: string[]): Sql => sql`
  select 'merge' as source, id, contacts as json from customer_merge
  where company_id = current_company() and (survivor_id = any(${ids}::uuid[]) or merged_id = any(${ids}::uuid[]))
  union all
  select 'contacts', id, contacts from decision
  where company_id = current_company() and (customer_id = any(${ids}::uuid[]) or other_id = any(${ids}::uuid[]))
  union all
  select 'given', id, given from decision
  where company_id = current_company() and (customer_id = any(${ids}::uuid[]) or other_id = any(${ids}::uuid[]))
  union all
  select 'change', id, changes from customer_change
  where company_id = current_company() and customer_id = any(${ids}::uuid[])
  union all
  select 'trash', id, trash from customer
  where company_id = current_company() and id = any(${ids}::uuid[]) and trash is not null`;

/** `notes`: [{id, json}], all of this source. */
export const rewrite = (source: Note['source'], notes: string): Sql => {
  const { table, column } = PLACES[source];
  return sql`
  update ${table} t set ${column} = n.json from jsonb_to_recordset(${notes}::jsonb) as n (id uuid, json jsonb)
  where t.company_id = current_company() and t.id = n.id`;
};

const PLACES = {
  merge: { table: sql`customer_merge`, column: sql`contacts` },
  contacts: { table: sql`decision`, column: sql`contacts` },
  given: { table: sql`decision`, column: sql`given` },
  change: { table: sql`customer_change`, column: sql`changes` },
  trash: { table: sql`customer`, column: sql`trash` },
} as const;

/** Uploaded files that hold more rows than were looked at yet. */
export const filesThatWait = (): Sql => sql`
  select 1 as one from import where company_id = current_company() and file_key is not null and state not in ('done', 'cancelled') limit 1`;
