import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { sql } from '../../src/platform/db.ts';
import { apiKey, makeApp, makeCompany, memberOf, type TestApp, type Visitor } from '../make.ts';
import { listenToLog } from '../setup/log-lines.ts';

let portal: TestApp;
let owner: Visitor;
let key: string;
let slug: string;
const heard = listenToLog();
beforeAll(async () => {
  portal = await makeApp();
  const company = await makeCompany(portal);
  slug = company.slug;
  owner = await memberOf(portal, company);
  key = await apiKey(portal, company);
  // Something that nobody expected: a table is not what the program takes it for.
  await portal.database.prisma.$executeRaw(sql`alter table tag rename to tag_of_old`);
});
afterAll(() => portal.close());

const INSIDE = /tag_of_old|relation|select |\.ts\b|\.js\b|node_modules|\bat \w+ \(|postgres|prisma|Error:/i;

describe('what nobody expected', () => {
  test('is answered with a page and the number of the request, and not a word of what is inside', async () => {
    const { status, text, headers } = await owner.get('/tags');
    expect(status).toBe(500);
    expect(text).toContain(headers['x-request-id']);
    expect(text.replace(/<head>.*?<\/head>/s, '').replace(/(?:src|href)="[^"]*"/g, '')).not.toMatch(INSIDE);
    expect(headers['cache-control']).toBe('no-store');
  });

  test('is answered so by the API too, as a problem document', async () => {
    const { status, body, text } = await request(portal.app)
      .get(`/api/v1/companies/${slug}/customers`)
      .set('Authorization', `Bearer ${key}`);
    expect([status, body.status]).toEqual([500, 500]);
    expect(text).not.toMatch(INSIDE);
  });

  test('stands in the log with all that is needed to find it, under the same number', async () => {
    heard.lines.splice(0);
    const { headers } = await owner.get('/tags');
    const line = heard.entries().find(({ msg }) => msg === 'a request failed');
    expect(line).toMatchObject({
      level: 50,
      requestId: headers['x-request-id'],
      err: { stack: expect.stringContaining('tag') },
    });
    const answered = heard
      .entries()
      .find(({ req }) => (req as { id?: string } | undefined)?.id === headers['x-request-id']);
    expect(answered).toMatchObject({ level: 50, res: { status: 500 } });
  });

  test('takes nothing else down: the process goes on, and nothing was half done', async () => {
    await owner.get('/profile');
    const before = await count();
    await owner.post('/tags', { name: 'never made', colour: 'blue' });
    expect(await count()).toEqual(before);
    expect((await owner.get('/notices')).status).toBe(200);
  });
});

const count = () =>
  portal.database.prisma.$queryRaw(
    sql`select (select count(*) from audit_entry) as deeds, (select count(*) from tag_of_old) as tags, (select count(*) from job) as jobs`,
  );
