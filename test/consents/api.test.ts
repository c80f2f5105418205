import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as consents from '../../src/consents/consents.ts';
import { isCleanText } from '../../src/kernel/text.ts';
import { Client, problemOf } from '../api/client.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const consent = {
  phone: '067 123 45 67',
  channel: 'sms',
  granted: true,
  at: '2026-11-20T10:15:00+02:00',
  source: 'checkout',
  wording: 'Send me offers',
};

async function makeClient(scopes: Parameters<typeof apiKey>[2] = ['consents']) {
  const company = await makeCompany(portal);
  return { company, client: new Client(portal, await apiKey(portal, company, scopes), company) };
}

test('S-05 each consent has its own result, a bad one never sinks its neighbours, and the same again changes nothing', async () => {
  const { company, client } = await makeClient();
  const items = [
    consent,
    { ...consent, phone: undefined, email: ' Olena@Example.com ', channel: 'email', granted: false },
    { ...consent, phone: '12' },
    { ...consent, email: 'olena@example.com' },
    { ...consent, phone: undefined },
    { ...consent, channel: 'pigeon' },
    { ...consent, granted: 'yes' },
    { ...consent, at: 'yesterday' },
    { ...consent, at: '2999-01-01T00:00:00Z' },
    { ...consent, source: ' ' },
    { ...consent, hidden: 1 },
    null,
  ];
  const first = await client.post('consents', { consents: items });
  expect(first.status).toBe(200);
  const { results } = first.body;
  expect(results.slice(0, 2)).toEqual([
    { status: 'created', address: '+380671234567', errors: [] },
    { status: 'created', address: 'olena@example.com', errors: [] },
  ]);
  const paths = results
    .slice(2)
    .map((each: { status: string; errors: { path: string }[] }) => [each.status, each.errors[0]?.path]);
  expect(paths).toEqual(
    ['phone', 'email', 'phone', 'channel', 'granted', 'at', 'at', 'source', 'hidden', ''].map((path) => [
      'rejected',
      path,
    ]),
  );
  const again = await client.post('consents', { consents: items.slice(0, 2) });
  expect(again.body.results.map(({ status }: { status: string }) => status)).toEqual(['unchanged', 'unchanged']);
  const keys = ['+380671234567', 'olena@example.com'].map(keyOfPhone);
  const held = await portal.tenancy.reading(company, (db) => consents.consentsOf(db, keys));
  expect(held.map(({ channel, granted, wording }) => [channel, granted, wording]).sort()).toEqual([
    ['email', false, 'Send me offers'],
    ['sms', true, 'Send me offers'],
  ]);
});

test('what is missing or of another kind is said in words, and a phone with an e-mail is named so', async () => {
  const { client } = await makeClient();
  const told = async (item: object) =>
    (await client.post('consents', { consents: [item] })).body.results[0].errors.map(
      ({ path, message }: { path: string; message: string }) => `${path} ${message}`,
    );
  expect(await told({})).toEqual(['channel', 'granted', 'at', 'source'].map((path) => `${path} is required`));
  expect(await told({ ...consent, channel: 'pigeon', granted: 'yes', source: 7, phone: 1 })).toEqual([
    'phone must be a text',
    'channel must be one of sms, viber, messenger, email',
    'granted must be true or false',
    'source must be a text',
  ]);
  expect(await told({ ...consent, source: 'x'.repeat(201) })).toEqual(['source must have at most 200 characters']);
  expect(await told({ ...consent, email: 'olena@example.com' })).toEqual([
    'email phone and email must not both be given: sms takes the phone',
  ]);
});

test('a key without the scope, without a company or without consents is told so', async () => {
  const { client } = await makeClient(['ingest', 'read']);
  expect((await client.post('consents', { consents: [consent] })).body).toEqual(problemOf(403));
  const { client: may } = await makeClient();
  expect((await may.post('consents', { consents: [] })).status).toBe(422);
  expect((await may.post('consents', { consent: [consent] })).status).toBe(400);
  const refused = await may.post('consents', { consents: [{ ...consent, phone: 'none' }] });
  expect(refused.status).toBe(422);
  expect(refused.body.results[0].status).toBe('rejected');
  const { company } = await makeClient();
  const foreign = new Client(portal, await apiKey(portal, company, ['consents']), { slug: 'no-such-company' });
  expect((await foreign.post('consents', { consents: [consent] })).status).toBe(404);
});

test('whatever stands in the texts is kept as it came, or refused by name', async () => {
  const { company, client } = await makeClient();
  const texts = [
    "'; drop table consent; --",
    '{{7*7}}',
    '<script>',
    '\u202eabc',
    '👩‍👩‍👧',
    '%s$1',
    'a\0b',
    '\ud800',
    'x'.repeat(201),
  ];
  const { body } = await client.post('consents', {
    consents: texts.map((text, n) => ({ ...consent, at: `2026-11-20T10:15:0${n}Z`, source: text, wording: text })),
  });
  const kept = texts.map((text) => isCleanText(text) && text.length <= 200);
  expect(body.results.map(({ status }: { status: string }) => status !== 'rejected')).toEqual(kept);
  const records = await portal.tenancy.reading(company, (db) => consents.recordsOf(db, [keyOfPhone('+380671234567')]));
  expect(records.map(({ source }) => source).sort()).toEqual(texts.filter((_, n) => kept[n]).sort());
});
