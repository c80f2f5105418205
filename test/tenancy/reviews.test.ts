import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import { newId } from '../../src/kernel/id.ts';
import { type TwoCompanies, twoCompanies } from './two-companies.ts';

// Reviews are shared, so their wall has doors. Plain SQL under the role of company A: what does the database let through by itself?

let world: TwoCompanies;
beforeAll(async () => {
  world = await twoCompanies();
});
afterAll(() => world.close());

interface Wishes {
  counted?: boolean | null;
  hidden?: boolean;
  withdrawn?: boolean;
  /** of the reader */
  plan?: 'paid' | 'free';
}

let key: string;
let review: string;
/** A review that B published about a number with which A dealt, unless wished otherwise. */
async function published(wishes: Wishes = {}): Promise<void> {
  const { counted = true, hidden = false, withdrawn = false, plan = 'paid' } = wishes;
  [key, review] = [`key ${newId()}`, newId()];
  const { a, b } = world;
  const dealing =
    counted === null
      ? 'select 1'
      : `insert into dealing values ('${a.id}', '${key}', false, now(), now(), ${counted ? "'2026-11-22'" : 'null'})`;
  for (const statement of [
    `insert into own_review (company_id, id, phone_key, phone_hint, state) values ('${b.id}', '${review}', '${key}', '67', 'published')`,
    `insert into review_revision (company_id, id, review_id, sentiment, reason, text) values ('${b.id}', '${newId()}', '${review}', 'negative', 'fraud', 'secret of B')`,
    `insert into review (id, phone_key, phone_hint, sentiment, reason, text, dealt_at, published_at, withdrawn_at)
     values ('${review}', '${key}', '67', 'negative', 'fraud', 'said by B', now(), now(), ${withdrawn ? 'now()' : 'null'})`,
    `insert into reply (id, review_id, phone_key, text) values ('${newId()}', '${review}', '${key}', 'not yet published')`,
    `insert into dispute (id, review_id, text) values ('${newId()}', '${review}', 'by the person')`,
    `insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id) values ('${newId()}', 'revision', '${newId()}', '${review}', '${key}', '${b.id}')`,
    dealing,
    `update company set plan = '${plan}' where id = '${a.id}'`,
    ...(hidden ? [`insert into phone_sharing (phone_key, hidden_at) values ('${key}', now())`] : []),
  ])
    await asPortal(statement);
}

const seen = () => rows(`select text from review where id = '${review}'`);

describe('a published review is read by a company', () => {
  test.each<[string, Wishes, number]>([
    ['that dealt with the number', {}, 1],
    ['but not without a dealing', { counted: null }, 0],
    ['but not beyond the day’s budget', { counted: false }, 0],
    ['but not while the person objects', { hidden: true }, 0],
    ['but not after it was taken back', { withdrawn: true }, 0],
    ['but not without a paid plan', { plan: 'free' }, 0],
  ])('%s', async (_name, wishes, count) => {
    await published(wishes);
    expect((await seen()).length).toBe(count);
    // Nor does any other question tell that it is there.
    for (const statement of [
      `select count(*) as n from review where phone_key = '${key}'`,
      `select count(*) as n from review where id = '${review}' or length(text) > 0 and phone_key = '${key}'`,
      `select count(*) as n from (select phone_key from review union all select phone_key from reply) x where phone_key = '${key}'`,
    ])
      expect([statement, Number((await rows<{ n: bigint }>(statement))[0]?.n)]).toEqual([statement, count]);
  });

  test('its author reads its own, also hidden and beyond any budget', async () => {
    await published({ hidden: true, counted: null });
    expect(await rows(`select text from review where id = '${review}'`, world.b.id)).toEqual([{ text: 'said by B' }]);
  });
});

describe('with a review that it may read, a company', () => {
  beforeEach(() => published());

  test.each([
    ['changes no word of it', () => `update review set text = 'x' where id = '${review}'`],
    [
      'writes none past the moderators',
      () =>
        `insert into review (id, phone_key, phone_hint, sentiment, reason, text, dealt_at, published_at) values (gen_random_uuid(), '${key}', '67', 'positive', 'x', 'x', now(), now())`,
    ],
    ['deletes none', () => `delete from review where id = '${review}'`],
    [
      'makes itself no author of it',
      () =>
        `insert into own_review (company_id, id, phone_key, phone_hint) values ('${world.a.id}', '${review}', '${key}', '67')`,
    ],
    [
      'writes no reply of the person',
      () => `insert into reply (id, review_id, phone_key, text) values (gen_random_uuid(), '${review}', '${key}', 'x')`,
    ],
    ['publishes no reply', () => `update reply set state = 'published' where review_id = '${review}'`],
    ['decides no dispute', () => `update dispute set state = 'upheld' where review_id = '${review}'`],
    [
      'disputes in nobody else’s name',
      () =>
        `insert into dispute (id, review_id, company_id, text) values (gen_random_uuid(), '${review}', '${world.b.id}', 'x')`,
    ],
    [
      'hands in nothing in another’s name',
      () =>
        `insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id) values (gen_random_uuid(), 'revision', gen_random_uuid(), '${review}', '${key}', '${world.b.id}')`,
    ],
    [
      'hands in nothing that is decided already',
      () =>
        `insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id, decision, decided_at) values (gen_random_uuid(), 'revision', gen_random_uuid(), '${review}', '${key}', '${world.a.id}', 'published', now())`,
    ],
    [
      'hands in no text that it did not write',
      () =>
        `insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id) values (gen_random_uuid(), 'revision', gen_random_uuid(), '${review}', '${key}', '${world.a.id}')`,
    ],
    [
      'hands in no dispute that is not there',
      () =>
        `insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id) values (gen_random_uuid(), 'dispute', gen_random_uuid(), '${review}', '${key}', '${world.a.id}')`,
    ],
    [
      'hands in nothing in the person’s name',
      () =>
        `insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id) values (gen_random_uuid(), 'reply', gen_random_uuid(), '${review}', '${key}', '${world.a.id}')`,
    ],
    [
      'publishes nothing of its own',
      () => `update moderation_case set decision = 'published', decided_at = now() where company_id = '${world.a.id}'`,
    ],
    [
      'upholds no dispute of its own',
      () =>
        `insert into dispute (id, review_id, company_id, text, state) values (gen_random_uuid(), '${review}', '${world.a.id}', 'x', 'upheld')`,
    ],
    ['forgets no look', () => `delete from review_look where company_id = '${world.a.id}'`],
    ['changes no look', () => `update review_look set user_id = null where company_id = '${world.a.id}'`],
    ['lifts no objection', () => `update phone_sharing set hidden_at = null`],
    ['reads no code of a person', () => `select * from about_code`],
    ['reads no request of a person', () => `select * from person_request`],
    ['reads no objection', () => `select * from objection`],
    ['flips no switch of the portal', () => `update portal_setting set value = 'true'`],
  ])('%s', async (_name, statement) => {
    await expect(rows(statement())).rejects.toThrow(/permission denied|row-level security|duplicate key/);
  });

  test.each([
    ['takes back none of another', () => `update review set withdrawn_at = now() where id = '${review}' returning id`],
    ['reads no text that waits or was refused', () => `select text from review_revision where review_id = '${review}'`],
    ['reads nobody’s authorship', () => `select * from own_review where id = '${review}'`],
    ['reads no reply before it is published', () => `select text from reply where review_id = '${review}'`],
    ['reads nobody else’s dispute', () => `select text from dispute where review_id = '${review}'`],
    ['reads nobody else’s case', () => `select id from moderation_case where review_id = '${review}'`],
    [
      'withdraws nobody else’s case',
      () =>
        `update moderation_case set decision = 'withdrawn', decided_at = now() where review_id = '${review}' returning id`,
    ],
    ['reads nobody else’s dealing', () => `select * from dealing where company_id = '${world.b.id}'`],
  ])('%s', async (_name, statement) => {
    expect(await rows(statement())).toEqual([]);
  });
});

test('who objects is told to whoever dealt with the number, or wrote about it, and to nobody else', async () => {
  const told = (companyId?: string) =>
    rows(`select phone_key from phone_sharing where phone_key = '${key}'`, companyId);
  await published({ hidden: true, counted: null });
  expect([await told(), await told(world.b.id)]).toEqual([[], [{ phone_key: key }]]);
  await published({ hidden: true, counted: false });
  expect(await told()).toEqual([{ phone_key: key }]);
});

test('what an author took back stays so', async () => {
  await published();
  const take = `update review set withdrawn_at = now() where id = '${review}' returning id`;
  expect(await rows(take, world.b.id)).toEqual([{ id: review }]);
  await asPortal(take);
  expect(await rows(`update review set withdrawn_at = null where id = '${review}' returning id`, world.b.id)).toEqual(
    [],
  );
});

test('nothing can be disputed that may not be read', async () => {
  await published({ counted: false });
  const disputing = `insert into dispute (id, review_id, company_id, text) values (gen_random_uuid(), '${review}', '${world.a.id}', 'x')`;
  await expect(rows(disputing)).rejects.toThrow(/row-level security/);
});

/** As company A, unless another is named; nothing is kept. */
async function rows<T extends object>(statement: string, companyId = world.a.id): Promise<T[]> {
  const client: PoolClient = await world.database.pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('role', 'clientele_company', true), set_config('app.company_id', $1, true)`, [
      companyId,
    ]);
    return (await client.query<T>(statement)).rows;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** As the portal, and kept. */
async function asPortal(statement: string): Promise<void> {
  const client: PoolClient = await world.database.pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('role', 'clientele_portal', true)`);
    await client.query(statement);
    await client.query('commit');
  } finally {
    client.release();
  }
}
