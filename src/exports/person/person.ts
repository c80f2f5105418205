import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { T } from '../../platform/i18n.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { FileFacts } from '../make-file.ts';
import { personPage, type Section } from './page.ts';
import * as sql from './sql.ts';

/** Everything the company keeps of one customer, from one transaction. null: there is none of that id, or it was deleted. */
export async function collect(db: CompanyDb, customerId: string): Promise<Section[] | null> {
  if ((await db.query(sql.listed(customerId))).length === 0) return null;
  const emails = await db.query<{ value: string }>(sql.emails(customerId));
  const keys = emails.map(({ value }) => db.keyOfPhone(value));
  const found: Section[] = [];
  for (const [name, statement] of sql.sections(customerId, keys)) {
    const rows = await db.query<{ json: object }>(statement);
    found.push({ name, rows: rows.map(({ json }) => json) });
  }
  return found;
}

/** The same for programs (JSON; amounts in minor units, as they are kept) and for people (a page). */
export async function writePerson(
  file: Writable,
  sections: readonly Section[],
  { company, at, t }: { company: string; at: Date; t: T },
): Promise<FileFacts> {
  const json = {
    company,
    madeAt: at.toISOString(),
    ...Object.fromEntries(sections.map(({ name, rows }) => [name, rows])),
  };
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(`${JSON.stringify(json, null, 1)}\n`), 'customer.json', { mtime: at });
  zip.addBuffer(Buffer.from(personPage(sections, { company, at, t })), 'customer.html', { mtime: at });
  zip.end();
  const packed = await buffer(zip.outputStream);
  file.end(packed);
  await finished(file);
  const rows = sections.reduce((sum, section) => sum + section.rows.length, 0);
  return { rows, size: packed.length, sha256: createHash('sha256').update(packed).digest('hex') };
}
