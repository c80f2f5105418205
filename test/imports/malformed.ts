import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FileError } from '../../src/imports/read/file-error.ts';
import { makeApp, makeCompany, makeUser, type TestApp, type TestUser } from '../make.ts';
import { bring, check, customersOf, importRow, rowsOf, start } from './make.ts';

/** What of a file must come in, each row as `name phones e-mails accounts`, and which lines must be refused, for what. */
interface Expected {
  right?: string[];
  refused?: [line: number, ...codes: string[]][];
  /** the file as a whole is refused, with the line where it goes wrong */
  fault?: string;
}

export type File = [what: string, make: () => Buffer | Promise<Buffer>, expected: Expected];

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
    test.each(files)('%s', async (_what, make, { right = [], refused = [], fault }) => {
      const company = await makeCompany(portal);
      const result = await bringAndCheck(company, user.id, await make());
      if (fault !== undefined) return expect(result).toBe(fault);
      if (typeof result === 'string') throw new Error(result);
      expect(await customersOf(portal, company)).toEqual([]);
      await start(portal, company, result.id, user.id);
      await portal.runJobs();
      const customers = await customersOf(portal, company);
      expect(customers.map((each) => [each.name, ...each.phones, ...each.emails, ...each.accounts].join(' '))).toEqual(
        right,
      );
      const rows = await rowsOf(portal, result.id);
      expect(
        rows
          .filter(({ outcome }) => outcome === 'refused')
          .map(({ line, problems }) => [line, ...problems.map(({ code }) => code)]),
      ).toEqual(refused);
      expect(rows.filter(({ outcome }) => outcome === null)).toEqual([]);
    });

    /** The id, or why the file is refused: at once, or by the check. */
    async function bringAndCheck(company: Parameters<typeof bring>[1], userId: string, bytes: Buffer) {
      try {
        const id = await bring(portal, company, userId, bytes);
        const brought = await importRow(portal, company, id);
        await check(portal, company, id, brought.reading.width === 0 ? ['phone'] : undefined);
        const { state, error } = await importRow(portal, company, id);
        return state === 'failed' ? (error ?? '').replace(':', ' at line ') : { id };
      } catch (error) {
        if (error instanceof FileError) return error.message;
        throw error;
      }
    }
  });
}
