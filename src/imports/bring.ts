import { createHash, randomBytes } from 'node:crypto';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as audit from '../audit/audit.ts';
import { newId } from '../kernel/id.ts';
import type { Company } from '../tenancy/company.ts';
import type { Upload } from '../web/upload.ts';
import type { Needed } from './check.ts';
import { abandon } from './endings.ts';
import { FileError } from './read/file-error.ts';
import { detect, type Format, formatOf } from './read/table.ts';
import { type Sampled, sample } from './sample.ts';
import * as sql from './sql.ts';

/** What of a text file is looked at to find out how it is written. */
const HEAD = 256 * 1024;

export interface Brought {
  id: string;
  /** why its rows cannot be read as they were guessed to be; they may be, otherwise */
  fault: FileError | null;
}

/**
 * Keeps the file and finds out how it is to be read. Throws FileError for a file that is none of ours, and leaves nothing of it.
 * null: it is too big.
 */
export async function bring(
  services: Needed,
  company: Company,
  userId: string,
  upload: Upload,
): Promise<Brought | null> {
  const id = newId();
  const key = `imports/${company.id}/${id}-${randomBytes(6).toString('hex')}`;
  const fileName = upload.name.replace(/[\p{Cc}\p{Surrogate}]/gu, '') || 'file';
  // First of all, where the file will be: what a killed process leaves of it is found and thrown away.
  await services.tenancy.inCompany(company, (db) =>
    db.execute(sql.insert({ id, companyId: company.id, userId, fileName, fileKey: key })),
  );
  let brought: Brought | null = null;
  try {
    const facts = await keep(services, key, upload);
    if (!facts) return null;
    const { reading, format, fault } = await look(services, company, key, facts.head);
    await services.tenancy.inCompany(company, async (db) => {
      const { size, sha256 } = facts;
      await db.execute(sql.complete(id, { format, size, sha256, reading: JSON.stringify(reading) }));
      await audit.write(db, { userId, action: 'import.uploaded', subject: { id, file: fileName } });
    });
    brought = { id, fault };
    return brought;
  } finally {
    if (!brought) await abandon(services, company, id, key);
  }
}

interface Facts {
  head: Buffer;
  size: number;
  sha256: string;
}

async function keep({ files }: Needed, key: string, upload: Upload): Promise<Facts | null> {
  const draft = await files.draft(key);
  const facts: Facts = { head: Buffer.alloc(0), size: 0, sha256: '' };
  try {
    await pipeline(upload.stream, watch(facts), draft.stream);
    if (upload.tooBig()) {
      await draft.discard();
      return null;
    }
    await draft.keep();
    return facts;
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

function watch(facts: Facts): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (facts.size < HEAD) facts.head = Buffer.concat([facts.head, chunk.subarray(0, HEAD - facts.size)]);
      facts.size += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => {
      facts.sha256 = hash.digest('hex');
      done();
    },
  });
}

/** Faults that another encoding, delimiter or use of quotes may mend. */
const MENDABLE = new Set(['badText', 'nul', 'quoteOpen', 'quoteInside', 'quoteAfter', 'rowTooLong', 'tooWide']);

async function look({ files }: Needed, { country }: Company, key: string, head: Buffer) {
  const format: Format = formatOf(head);
  const guess = { ...detect(head, country), heading: null };
  try {
    return { format, fault: null, reading: await sample(files, key, format, guess) };
  } catch (error) {
    if (!(error instanceof FileError) || format === 'xlsx' || !MENDABLE.has(error.code)) throw error;
    const reading: Sampled = { ...guess, heading: true, width: 0, rows: [] };
    return { format, fault: error, reading };
  }
}
