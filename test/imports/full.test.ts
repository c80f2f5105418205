import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, memberOf, type TestApp, type Visitor } from '../make.ts';

// The store writes on a disk on which there is no more room, as PostgreSQL and the database have theirs elsewhere.

let portal: TestApp;
let company: Company;
let visitor: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  visitor = await memberOf(portal, company);
});
afterAll(() => portal.close());

/** A file that goes no further after so many bytes. */
function fillDisk(code: string): void {
  const { files } = portal.services;
  const draft: typeof files.draft = async (key) => {
    const real = await files.draft(key);
    const write = (_chunk: Buffer, _encoding: string, done: (error: Error) => void) =>
      done(Object.assign(new Error(`${code}: no room, write`), { code }));
    return { ...real, stream: new Writable({ write }) };
  };
  Object.assign(portal.services, { files: { ...files, draft } });
}

test.each(['ENOSPC', 'EDQUOT', 'EFBIG'])(
  'C-13 a file for which there is no room (%s) is refused with a word, and nothing of it stays',
  async (code) => {
    const { files } = portal.services;
    fillDisk(code);
    const sent = visitor.agent.post('/imports');
    for (const [name, value] of Object.entries({ _csrf: visitor.csrf, _company: company.id })) sent.field(name, value);
    const answer = await sent.attach('file', Buffer.from('Name,Phone\nOlena,0671234567\n'), 'people.csv');
    Object.assign(portal.services, { files });
    expect(answer.status).toBe(507);
    expect(answer.text).toContain('There is no room left on the server');
    const folder = join(portal.services.config.dataDir, 'files', 'imports', company.id);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
    expect(await portal.database.prisma.$queryRaw(sql`select id from import`)).toEqual([]);
  },
);
