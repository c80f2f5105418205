import { afterEach, expect, test } from '@jest/globals';
import { sql } from '../../../src/platform/db.ts';
import { phone, shopIn } from '../../ledger/make.ts';
import { memberOf, type Visitor } from '../../make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { rows } from '../../tags/make.ts';
import { closeLines, type Line, messages, openLine, suppressions } from '../webhooks/make.ts';

afterEach(closeLines);

/** Somebody has written; answers the page of the conversation. */
async function asked(
  line: Line,
  text = 'Коли привезете?',
): Promise<{ path: string; owner: Visitor; customerId: string }> {
  await line.work();
  await line.write(phone(0), text);
  const [message] = await messages(line);
  const customerId = message?.customer_id ?? '';
  const path = `/customers/${customerId}/messages?${new URLSearchParams({ thread: message?.thread ?? '' })}`;
  return { path, customerId, owner: await memberOf(line.portal, line.company) };
}

const unanswered = async ({ portal }: Line, customerId: string) =>
  rows<{ unanswered_count: bigint }>(portal, sql`select unanswered_count from customer where id = ${customerId}::uuid`);

/** What the jobs that are due send. */
async function work(line: Line, path: string): Promise<void> {
  const id = /\/sms\/([0-9a-f-]{36})/.exec(path)?.[1] ?? '';
  const { send } = await import('../../../src/sms/send/send.ts');
  await send(line.portal.services, line.channels, line.company, id, new AbortController().signal);
}

test('P-02 an answer leaves by the same ledger, stands in the thread with what became of it, and nothing waits any more', async () => {
  const line = await openLine({ to: 1 });
  const { path, owner, customerId } = await asked(line);
  expect(await unanswered(line, customerId)).toEqual([{ unanswered_count: 1n }]);
  expect((await owner.get(path)).text).toContain('Your answer');
  const answer = await owner.post(path, { body: 'Завтра зранку, {{name|друже}} {{foo}} {{' });
  expect([answer.status, answer.headers.location]).toEqual([303, path]);
  const page = (await owner.get(path)).text;
  expect(page).toContain('Завтра зранку');
  expect(page).toContain('Waiting');
  expect(await unanswered(line, customerId)).toEqual([{ unanswered_count: 0n }]);
  await work(line, page);
  const sent = line.standin.taken.at(-1);
  expect(sent).toMatchObject({ to: phone(0), from: '+15005550006' });
  // What one person says to another is no template.
  expect(sent?.body).toBe('Завтра зранку, {{name|друже}} {{foo}} {{');
  expect((await owner.get(path)).text).toContain('Sent');
  expect((await messages(line)).map(({ direction }) => direction)).toEqual(['in', 'out']);
});

test('after STOP there is no form, and an answer that was being written is refused beside its field', async () => {
  const line = await openLine({ to: 1 });
  const { path, owner, customerId } = await asked(line);
  await owner.get(path);
  await line.write(phone(0), 'STOP');
  expect(await suppressions(line, phone(0))).toHaveLength(1);
  const refused = await owner.post(path, { body: 'Ще одне' });
  expect(refused.status).toBe(422);
  expect((await owner.get(path)).text).toContain('said STOP');
  expect((await owner.get(path)).text).not.toContain('Your answer');
  expect(await messages(line)).toHaveLength(1);
  expect(await unanswered(line, customerId)).toEqual([{ unanswered_count: 1n }]);
  expect(line.standin.taken).toHaveLength(1);
});

test('what is empty, too long or over the budget is refused with what was typed', async () => {
  const line = await openLine({ to: 1 });
  const { path, owner } = await asked(line);
  await owner.get(path);
  expect((await owner.post(path, { body: '  ' })).status).toBe(422);
  const long = await owner.post(path, { body: 'y'.repeat(1601) });
  expect([long.status, long.text.includes('y'.repeat(1601))]).toEqual([422, true]);
  await line.portal.database.prisma.$executeRaw(sql`update company set sms_budget = 0`);
  expect((await owner.post(path, { body: 'Hi' })).status).toBe(422);
  expect(await messages(line)).toHaveLength(1);
});

test('who has written nothing is answered nothing: a conversation that was made up is not found', async () => {
  const line = await openLine({ to: 1 });
  const { path, owner, customerId } = await asked(line);
  await owner.get(path);
  const made = `t:sms:${keyOfPhone(phone(0))}:+380670000099`;
  const answer = await owner.post(`/customers/${customerId}/messages?${new URLSearchParams({ thread: made })}`, {
    body: 'Hi',
  });
  expect(answer.status).toBe(404);
  expect(await messages(line)).toHaveLength(1);
});

test('a viewer sees no form and may not send; another company’s customer and a conversation of another kind are not found', async () => {
  const line = await openLine({ to: 1 });
  const { path, owner, customerId } = await asked(line);
  const viewer = await memberOf(line.portal, line.company, 'viewer');
  expect((await viewer.get(path)).text).not.toContain('Your answer');
  expect((await viewer.post(path, { body: 'Hi' })).status).toBe(403);
  const stranger = await memberOf(line.portal, (await shopIn(line.portal)).company);
  expect((await stranger.post(path, { body: 'Hi' })).status).toBe(404);
  await owner.get(path);
  expect((await owner.post(`/customers/${customerId}/messages?thread=t:chat-1`, { body: 'Hi' })).status).toBe(404);
});
