import { each, type Sql, sql } from '../../../platform/db.ts';

/** Customers and all that were ever merged into them. */
export const familyOf = (companyId: string, ids: readonly string[]): Sql => sql`
  select id from customer where company_id = ${companyId}::uuid and id in ${each(ids)}
  union
  select id from customer where company_id = ${companyId}::uuid and merged_into in ${each(ids)}`;

// Numbers and e-mails of theirs that nobody else has by now.
export const lostAddresses = (companyId: string, ids: readonly string[]): Sql => sql`
  select t.value from trash_contact t
  where t.company_id = ${companyId}::uuid and t.customer_id in ${each(ids)} and t.kind in ('phone', 'email')
    and not exists (select from contact k where k.company_id = t.company_id and k.kind = t.kind and k.value = t.value)`;

export const arrivalsOf = (companyId: string, ids: readonly string[]): Sql => sql`
  select id from arrival where company_id = ${companyId}::uuid and customer_id in ${each(ids)}`;

// Orders, messages and feedback stay as figures: when, how much, which goods, which rating. What said who it was goes.
export const blankArrivals = (companyId: string, ids: readonly string[]): Sql => sql`
  update arrival set name = null, gender = null, region = null, given = '{}', search = '', because_kind = null, because_value = null,
         because_rule = null, updated_at = now()
  where company_id = ${companyId}::uuid and id in ${each(ids)}`;

export const dropEvidence = (companyId: string, ids: readonly string[]): Sql => sql`
  delete from evidence where company_id = ${companyId}::uuid and arrival_id in ${each(ids)}`;

export const phonesOf = (companyId: string, ids: readonly string[]): Sql => sql`
  select distinct value from evidence
  where company_id = ${companyId}::uuid and arrival_id in ${each(ids)} and kind = 'phone'`;

// That the company dealt with a number is known by orders, and by messages that customers wrote. `phones`: [{phone, phone_key}] as JSON.
export const dropUnprovedDealings = (companyId: string, phones: string): Sql => sql`
  delete from dealing d using json_to_recordset(${phones}::json) as w (phone text, phone_key text)
  where d.company_id = ${companyId}::uuid and d.phone_key = w.phone_key
    and not exists (
      select from evidence e
      join arrival a on a.company_id = e.company_id and a.id = e.arrival_id
      left join message m on m.company_id = a.company_id and m.id = a.id
      where e.company_id = d.company_id and e.kind = 'phone' and e.value = w.phone and (a.kind = 'order' or m.direction = 'in'))`;

export const blankOrders = (companyId: string, ids: readonly string[]): Sql => sql`
  update orders set delivery_address = null where company_id = ${companyId}::uuid and id in ${each(ids)}`;

// A conversation is called by its number's key.
export const blankMessages = (companyId: string, ids: readonly string[]): Sql => sql`
  update message m set text = '', thread = case when m.thread ~ '^t:(sms|viber|messenger):'
    then 'erased ' || f.id else m.thread end
  from (select thread, min(id::text) as id from message where company_id = ${companyId}::uuid and id in ${each(ids)} group by 1) f
  where m.company_id = ${companyId}::uuid and m.id in ${each(ids)} and f.thread = m.thread`;

export const blankFeedback = (companyId: string, ids: readonly string[]): Sql => sql`
  update feedback set text = '' where company_id = ${companyId}::uuid and id in ${each(ids)}`;

// An imported line has the address of its import and its number in the file.
export const blankLines = (companyId: string, family: readonly string[]): Sql => sql`
  update import_row r set cells = '[]', problems = '[]'
  where r.company_id = ${companyId}::uuid and r.customer_id in ${each(family)}`;

export const dropMoves = (companyId: string, arrivalIds: readonly string[]): Sql => sql`
  delete from decision where company_id = ${companyId}::uuid and arrival_id in ${each(arrivalIds)}`;

// A shared contact stayed while its customer could be brought back. One that others prove too goes on identifying nobody.
const dropShared = (companyId: string, family: readonly string[]): Sql => sql`
  with gone as (
    delete from contact k where k.company_id = ${companyId}::uuid and k.customer_id in ${each(family)}
      and not exists (select from evidence e where e.company_id = k.company_id and e.kind = k.kind and e.value = k.value)
    returning k.kind, k.value
  )
  delete from decision d using gone
  where d.company_id = ${companyId}::uuid and d.contact_kind = gone.kind and d.contact_value = gone.value`;

/** Everything that tells of these customers beside their own rows. */
export const forget = (companyId: string, family: readonly string[]): readonly Sql[] => [
  dropShared(companyId, family),
  sql`delete from customer_change where company_id = ${companyId}::uuid and customer_id in ${each(family)}`,
  sql`delete from customer_tag where company_id = ${companyId}::uuid and customer_id in ${each(family)}`,
  sql`delete from duplicate where company_id = ${companyId}::uuid
      and (customer_id in ${each(family)} or other_id in ${each(family)})`,
  sql`delete from customer_merge where company_id = ${companyId}::uuid
      and (survivor_id in ${each(family)} or merged_id in ${each(family)})`,
  sql`delete from decision where company_id = ${companyId}::uuid
      and (customer_id in ${each(family)} or other_id in ${each(family)})`,
];

// The empty row stays: an order that is posted again finds out by it that its person is to be forgotten.
export const blankCustomers = (companyId: string, family: readonly string[]): Sql => sql`
  update customer c set name = '', name_folded = '', name_by_hand = false, gender = null, gender_by_hand = false, region = null,
         region_by_hand = false, note = '', other_channels = '', typed = false, trash = null, updated_at = clock_timestamp()
  where c.company_id = ${companyId}::uuid and c.id in ${each(family)}`;
