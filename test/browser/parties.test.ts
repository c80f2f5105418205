import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeCompany, makeUser } from '../make.ts';
import { makeObjection, publishReview, writeDispute } from '../moderation/make.ts';
import { nextPhone, ordered } from '../reviews/make.ts';
import { faultsOf } from './look.ts';
import { openSite, type Site, signIn } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('P-88 P-05 what is kept from a party, or without a paid plan, is explained on every screen', async () => {
  const { portal } = site;
  const phone = nextPhone();
  const company = await makeCompany(portal, { plan: 'free' });
  const user = await makeUser(portal, { company, moderator: true, admin: true });
  const customer = await ordered(portal, company, { phones: [phone], name: 'Olena Koval' });
  const review = await publishReview(portal, company, { phone, text: 'Took none of three parcels.' });
  const { caseId } = await writeDispute(portal, review, { company: await makeCompany(portal) });
  const objection = await makeObjection(portal, phone);
  const page = await site.open();
  await signIn(page, user);
  for (const path of [
    `/moderation/${caseId}`,
    '/moderation',
    `/admin/objections/${objection.id}`,
    '/admin/objections',
    `/customers/${customer}/reviews`,
  ]) {
    await page.goto(path);
    expect([path, await faultsOf(page)]).toEqual([path, []]);
  }
}, 120_000);
