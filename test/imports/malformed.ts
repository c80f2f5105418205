import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeApp, makeCompany, makeUser, type TestApp, type TestUser } from '../make.ts';
import { bringWhole, type File } from './judged.ts';

/** Brings each file the whole way. */
export function testMalformed(files: readonly File[]): void {
  let portal: TestApp;
  let user: TestUser;
  beforeAll(async () => {
    portal = await makeApp();
    user = await makeUser(portal, { company: await makeCompany(portal) });
  });
  afterAll(() => portal.close());

  describe('C-13 malformed files: rows come in right or are refused with a reason, none is silently wrong', () => {
    test.each(files)('%s', async (_what, make, { right = [], refused = [], fault = null }) => {
      const company = await makeCompany(portal);
      const judged = await bringWhole(portal, company, user.id, await make());
      expect(judged).toEqual({ right, refused, fault, tooEarly: 0, open: 0 });
    });
  });
}
