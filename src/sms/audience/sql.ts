import { empty, type Sql, sql } from '../../platform/db.ts';
import type { Company } from '../../tenancy/company.ts';
import { bodyOf } from '../text/sql.ts';
import { holds, type Template } from '../text/template.ts';
import { CODE_LENGTH, LONGEST } from '../text/text.ts';

/** What stands against a number, the least first: a customer of several numbers is told the reason of the best one. */
export const RANKED = ['cap', 'noConsent', 'blocked', 'stop', 'channel', 'notMobile', 'noPhone'] as const;

const RANK = Object.fromEntries(RANKED.map((reason, index) => [reason, index + 1])) as Record<
  (typeof RANKED)[number],
  number
>;

export interface CompanyRules {
  quiet_hours: string | null;
  sms_consent: 'existing' | 'asked';
  sms_cap: bigint;
  /** minor units a month; null: no ceiling */
  sms_budget: bigint | null;
}

export const companyRules = (): Sql => sql`
  select quiet_hours, sms_consent, sms_cap, sms_budget from company where id = current_company()`;

export interface Price {
  country: string;
  /** of one part, in millionths of the company's currency; null: not known */
  micros: bigint | null;
}

/** What customers and a number of one's own have in common. */
export interface Frame {
  channel: string;
  dueAt: Date;
  prices: readonly Price[];
  /** whether a number without a known price is left out */
  priced: boolean;
}

/** So many, by their ids, behind one of them. */
export interface Slice {
  after: string | null;
  limit: number;
}

export interface Wish extends Frame {
  /** over the alias `c` of customer */
  where: Sql;
  /** null: all of them */
  slice: Slice | null;
  company: Company;
  template: Template;
  /** the address where somebody says no, up to its code */
  prefix: string;
  /** only this number of the customer; null: any */
  address: string | null;
  /** also one that does not look like one for SMS: they wrote from it */
  anyNumber: boolean;
  /** the rule of the company; null: none is needed */
  consent: CompanyRules['sms_consent'] | null;
  cap: { most: bigint; since: Date } | null;
}

/** Which customers: over the alias `c`. */
export const ticked = (ids: readonly string[]): Sql => sql`c.listed and c.id = any(${[...ids]}::uuid[])`;

export const whom = (where: Sql, seenAt: Date | undefined): Sql => sql`
  ${where} ${seenAt ? sql`and c.created_at <= ${time(seenAt)}` : empty}`;

export const count = (where: Sql): Sql => sql`
  select count(*)::int as count from customer c where c.company_id = current_company() and ${where}`;

/**
 * One row for each customer. The best number of each comes first, in one row of joins that begins with the customers: whatever
 * PostgreSQL thinks of how many there are, none of them compares everybody with everybody. Only then the text is made, once for whoever
 * gets it ("offset 0": else it would be made anew for each of its uses).
 */
export const audience = (wish: Wish): Sql => sql`
  with ${cappedOf(wish)} whom as (
    select c.id, c.name, c.region, c.orders_count, c.last_order_at, c.activities_count
    from customer c where c.company_id = current_company() and ${wish.where} ${sliceOf(wish)}
  ), best as (
    select distinct on (n.id) n.* from (${numbers(wish)}) n order by n.id, n.rank, n.position, n.created_at, n.value
  ), coded as (
    select b.*, p.micros, case when b.rank = 0 then ${codeOf(wish)} end as code
    from best b left join (${priceList(wish)}) p on p.country = b.country
  ), written as (
    select c.id, c.code, c.value, c.phone_key, c.country, c.micros, t.body, (${[...RANKED]}::text[])[c.rank] as reason
    from coded c
    left join lateral (select ${bodyOf(wish.template, wish.company, linkOf(wish))} as body offset 0) t on c.rank = 0
  )
  select w.id as customer_id, ${wish.channel}::text as channel, w.value as address, w.phone_key as address_key, w.country,
         case when r.reason is null then w.body else '' end as body,
         case when r.reason is null then w.code end as code,
         case when r.reason is null then ${partsOf(wish, sql`w.body`)} else 0 end as parts,
         w.micros as price_micros, r.reason, ${time(wish.dueAt)} as due_at
  from written w
  cross join lateral (select coalesce(w.reason, ${lateReason(wish, sql`w.body`, sql`w.micros`)}) as reason offset 0) r`;

const sliceOf = ({ slice }: Wish): Sql =>
  slice === null
    ? empty
    : sql`${slice.after === null ? empty : sql`and c.id > ${slice.after}::uuid`} order by c.id limit ${slice.limit}::int`;

/** On the other channels a message is one, however long. */
const partsOf = ({ channel }: Pick<Frame, 'channel'>, body: Sql): Sql =>
  channel === 'sms' ? sql`sms_parts(${body})` : sql`1`;

/** What only the finished text, or its price, stands against. */
const lateReason = ({ priced }: Pick<Frame, 'priced'>, body: Sql, micros: Sql): Sql => sql`
  case when char_length(${body}) > ${LONGEST} then 'tooLong'
       when btrim(${body}, E' \\n') = '' then 'empty'
       ${priced ? sql`when ${micros} is null then 'noPrice'` : empty} end`;

const numbers = (wish: Wish): Sql => sql`
  select c.id, c.name, c.region, c.orders_count, c.last_order_at, k.value, k.phone_key, k.country, k.position, k.created_at,
         ${rankOf(wish)} as rank
  from whom c
  left join contact k on k.company_id = current_company() and k.customer_id = c.id and k.kind = 'phone'
    ${wish.address === null ? empty : sql`and k.value = ${wish.address}`}
  left join suppression s on s.company_id = current_company() and s.address_key = k.phone_key
  ${wish.consent === null ? empty : sql`left join consent o on o.company_id = current_company() and o.address_key = k.phone_key and o.channel = ${wish.channel}`}`;

// Of a number that was not looked at yet nobody knows whether its person said STOP.
const rankOf = ({ channel, anyNumber, consent, cap }: Wish): Sql => sql`
  case when k.value is null then ${rank('noPhone')}
       when k.phone_key is null ${anyNumber ? empty : sql`or k.mobile is not true`} then ${rank('notMobile')}
       ${channel === 'messenger' || anyNumber ? empty : sql`when k.channels <> '{}' and not (${channel} = any(k.channels)) then ${rank('channel')}`}
       when s.reason = 'hand' then ${rank('blocked')}
       when s.reason is not null then ${rank('stop')}
       ${consent === null ? empty : sql`when ${consent === 'asked' ? sql`o.granted is not true` : sql`not coalesce(o.granted, c.activities_count > 0)`} then ${rank('noConsent')}`}
       ${cap === null ? empty : sql`when c.id in (select q.customer_id from capped q) then ${rank('cap')}`}
       else 0 end`;

const rank = (reason: (typeof RANKED)[number]): Sql => sql`${RANK[reason]}::int`;

/**
 * Who has got as many today as the company wants: they themselves, or any number that is theirs now. The calls of the day are found by
 * themselves: beside their campaigns PostgreSQL would go through all rows of each.
 */
const cappedOf = ({ cap }: Wish): Sql =>
  cap === null
    ? empty
    : sql`today as materialized (
        select d.id, d.campaign_id, d.customer_id, d.address_key from delivery d
        where d.company_id = current_company() and d.called_at >= ${time(cap.since)}
      ), called as materialized (
        select d.id, d.customer_id, d.address_key from today d
        join campaign g on g.company_id = current_company() and g.id = d.campaign_id and g.kind = 'group'
      ), capped as (
        select x.customer_id from (
          select id, customer_id from called where customer_id is not null
          union
          select d.id, k.customer_id from called d join contact k on k.company_id = current_company() and k.phone_key = d.address_key
        ) x group by x.customer_id having count(*) >= ${cap.most}
      ),`;

export const priceList = ({ prices }: { prices: readonly Price[] }): Sql => sql`
  select * from unnest(${prices.map(({ country }) => country)}::text[], ${prices.map(({ micros }) => micros)}::bigint[]) as p (country, micros)`;

/** Nobody can guess it, and it is made once for each row. */
const codeOf = ({ template }: Wish): Sql => (holds(template, 'stop') ? newCode : sql`null::text`);

const newCode = sql`
  substr(translate(encode(substring(uuid_send(gen_random_uuid()) from 9), 'base64'), '+/', 'Aa'), 1, ${CODE_LENGTH}::int)`;

const linkOf = ({ prefix }: Wish): Sql => sql`(${prefix}::text || c.code)`;

const time = (at: Date): Sql => sql`${at.toISOString()}::timestamptz`;

export interface TestRow extends Frame {
  address: string;
  addressKey: string;
  country: string | null;
  mobile: boolean;
  body: string;
  code: string | null;
}

/** The one row of a test: to a number of one's own, of no customer. */
export const test = (row: TestRow): Sql => sql`
  select null::uuid as customer_id, ${row.channel}::text as channel, ${row.address}::text as address,
         ${row.addressKey}::text as address_key, ${row.country}::text as country, ${row.body}::text as body, ${row.code}::text as code,
         case when r.reason is null then ${partsOf(row, sql`${row.body}::text`)} else 0 end as parts, p.micros as price_micros, r.reason,
         ${time(row.dueAt)} as due_at
  from (select 1) one
  left join (${priceList(row)}) p on p.country = ${row.country}
  left join suppression s on s.company_id = current_company() and s.address_key = ${row.addressKey}
  cross join lateral (
    select case when not ${row.mobile}::boolean then 'notMobile' when s.reason = 'hand' then 'blocked' when s.reason is not null then 'stop'
           else ${lateReason(row, sql`${row.body}::text`, sql`p.micros`)} end as reason
  ) r`;
