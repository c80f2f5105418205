import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp } from '../make.ts';
import { publishReview, writeReply, writeReview } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

test('P-88 the number of what waits stands beside the moderators’ menu entry, and beside nobody else’s', async () => {
  const company = await makeCompany(portal);
  const moderator = await signIn(portal, await makeUser(portal, { moderator: true }));
  const owner = await memberOf(portal, company);
  const waiting = async () =>
    /href="\/moderation"[^>]*>.*?<\/a>/s
      .exec((await moderator.get('/moderation')).text)?.[0]
      .match(/ms-auto">([^<]+)</)?.[1] ?? null;
  expect(await waiting()).toBeNull();
  await writeReview(portal, company);
  await writeReview(portal, company);
  const published = await publishReview(portal, company);
  await writeReply(portal, published);
  expect(await waiting()).toBe('3');
  // What is about a review that was taken back waits no more.
  await portal.database.prisma.$executeRaw(
    sql`update review set withdrawn_at = now() where id = ${published.reviewId}::uuid`,
  );
  expect(await waiting()).toBe('2');
  expect((await owner.get('/customers')).text).not.toContain('href="/moderation"');
});
