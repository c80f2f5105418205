import { newId } from '../../src/kernel/id.ts';
import { type Sql, sql } from '../../src/platform/db.ts';
import type { FileStore } from '../../src/platform/files.ts';
import { lookAtStart } from '../../src/restore/restore.ts';
import { makeApp, type TestApp } from '../make.ts';

/** A portal that has been started, and knows where its database stands. */
export async function started(): Promise<TestApp> {
  const portal = await makeApp();
  await lookAtStart(portal.services);
  return portal;
}

/** From here on the database stands elsewhere than it says, as a restored one does. */
export const move = ({ database }: TestApp): Promise<number> =>
  database.prisma.$executeRaw(sql`update portal_setting set value = '"elsewhere"' where name = 'database.place'`);

/** Whether nothing is sent. */
export const isHeld = async (portal: TestApp): Promise<boolean> =>
  (await ask(portal, sql`select 1 from portal_setting where name = 'restored'`)).length > 0;

export const ask = <Row>({ database }: TestApp, question: Sql): Promise<Row[]> => database.prisma.$queryRaw(question);

interface Line {
  kind: string;
  company: string | null;
  at: string;
  body: object;
}

/** A file of the journal that the database does not know. Answers its id. */
export async function journalFile({ services }: TestApp, lines: readonly Line[], id = newId()): Promise<string> {
  await put(services.files, `journal/${id}`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return id;
}

export async function put(files: FileStore, key: string, words: string): Promise<void> {
  const draft = await files.draft(key);
  await new Promise<void>((done) => draft.stream.end(words, done));
  await draft.keep();
}
