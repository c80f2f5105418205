import { type Sql, sql } from '../platform/db.ts';

export const lock = (): Sql => sql`select pg_advisory_xact_lock(hashtext('canaries'))::text`;

export const companies = (): Sql => sql`select id from company where watch order by id`;

export interface WatchCompany {
  id: string;
  slug: string;
  name: string;
}

export const insertCompany = ({ id, slug, name }: WatchCompany): Sql => sql`
  insert into company (id, slug, name, country, currency, timezone, watch)
  values (${id}::uuid, ${slug}, ${name}, 'US', 'USD', 'UTC', true)`;

export const planted = (): Sql => sql`select id from tag limit 1`;

/** The two who came with the orders. */
export const customers = (): Sql => sql`
  select c.id, (select a.id from arrival a where a.company_id = c.company_id and a.customer_id = c.id and a.kind = 'order' limit 1) as "orderId"
  from customer c where c.listed and c.name not like '%gone' order by c.name limit 2`;

export const byName = (name: string): Sql => sql`select id from customer where listed and name = ${name}`;

export const insertKey = (id: string, companyId: string, word: string, hash: string): Sql => sql`
  insert into api_key (id, company_id, name, key_hash, hint, scopes, revoked_at)
  values (${id}::uuid, ${companyId}::uuid, ${word}, ${hash}, '', array['read'], now())`;

export interface Plants {
  company: string;
  /** of whatever needs one */
  id: string;
  second: string;
  word: string;
  one: string;
  other: string;
  order: string;
  phone: string;
  key: string;
}

/** One of everything that people of a company make, each with the word in it; nothing of it is ever sent, moderated or done. */
export const plants = ({ company, id, second, word, one, other, order, phone, key }: Plants): Sql[] => [
  sql`update customer set note = ${word}, other_channels = ${word} where company_id = ${company}::uuid and id = ${one}::uuid`,
  sql`insert into tag (company_id, id, name, name_folded) values (${company}::uuid, ${id}::uuid, ${word}, ${word})`,
  sql`insert into customer_tag (company_id, customer_id, tag_id) values (${company}::uuid, ${one}::uuid, ${id}::uuid)`,
  sql`insert into order_tag (company_id, order_id, tag_id) values (${company}::uuid, ${order}::uuid, ${id}::uuid)`,
  sql`insert into segment (company_id, id, name, filter) values (${company}::uuid, ${id}::uuid, ${word}, 'where=orders%3Agte%3A1')`,
  sql`insert into bulk (company_id, id, action, tag_id, tag_name, state, asked_at, changed, finished_at)
      values (${company}::uuid, ${id}::uuid, 'tag', ${id}::uuid, ${word}, 'done', now(), 1, now())`,
  sql`insert into bulk_change (company_id, bulk_id, customer_id) values (${company}::uuid, ${id}::uuid, ${one}::uuid)`,
  sql`insert into duplicate (company_id, id, customer_id, other_id, reason)
      values (${company}::uuid, ${id}::uuid, least(${one}::uuid, ${other}::uuid), greatest(${one}::uuid, ${other}::uuid), 'name') on conflict do nothing`,
  sql`insert into shared_proposal (company_id, id, kind, value, names)
      values (${company}::uuid, ${id}::uuid, 'email', ${`${word}@watch.invalid`}, 7) on conflict do nothing`,
  sql`insert into notice (company_id, id, kind, data) values (${company}::uuid, ${id}::uuid, 'export-failed', jsonb_build_object('word', ${word}::text))`,
  sql`insert into invitation (company_id, id, email, role, token_hash, expires_at)
      values (${company}::uuid, ${id}::uuid, ${`${word}@watch.invalid`}, 'viewer', ${id}, now() + interval '100 years')`,
  sql`insert into import (company_id, id, file_name, format, state, rows_total, rows_done, finished_at)
      values (${company}::uuid, ${id}::uuid, ${`${word}.csv`}, 'csv', 'cancelled', 1, 1, now())`,
  sql`insert into import_row (company_id, import_id, line, cells, outcome)
      values (${company}::uuid, ${id}::uuid, 1, jsonb_build_array(${word}::text), 'refused')`,
  sql`insert into campaign (company_id, id, name, body, state) values (${company}::uuid, ${second}::uuid, ${word}, ${word}, 'draft')`,
  sql`insert into campaign (company_id, id, name, body, state, launched_at, finished_at)
      values (${company}::uuid, ${id}::uuid, ${word}, ${word}, 'finished', now(), now())`,
  sql`insert into delivery (company_id, id, campaign_id, customer_id, channel, address, address_key, body, code, state, reason, settled_at)
      values (${company}::uuid, ${id}::uuid, ${id}::uuid, ${one}::uuid, 'sms', ${phone}, ${key}, ${word}, ${word.slice(-10)}, 'skipped', 'stop', now())`,
  sql`insert into suppression (company_id, address_key, reason, hint) values (${company}::uuid, ${key}, 'hand', ${phone.slice(-2)}) on conflict do nothing`,
  sql`insert into own_review (company_id, id, phone_key, phone_hint) values (${company}::uuid, ${id}::uuid, ${key}, ${phone.slice(-2)})`,
  sql`insert into review_revision (company_id, id, review_id, sentiment, reason, text)
      values (${company}::uuid, ${id}::uuid, ${id}::uuid, 'positive', 'prompt', ${word})`,
];
