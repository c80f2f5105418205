import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import * as customers from '../customers/customers.ts';
import * as notices from '../notices/notices.ts';
import * as outbox from '../outbox/outbox.ts';
import { translator } from '../platform/i18n.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import { clearFiles } from './endings.ts';
import { readyLetter } from './letter.ts';
import { type FileFacts, makeFile, type Order } from './make-file.ts';
import { collect, writePerson } from './person/person.ts';
import * as sql from './sql.ts';

type Needed = Pick<Services, 'tenancy' | 'files' | 'clock' | 'config'>;

/** This attempt was cancelled, or another one has taken its place. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

interface Attempt extends sql.Begun {
  id: string;
  fileKey: string;
}

const DAYS = 86_400_000;
const DAYS_KEPT = 7;

/**
 * Makes the file of an export and tells who wanted it (P-92 to P-94). May run again after it was cut off: it begins anew. Throws when
 * it is worth another try.
 */
export async function run(services: Needed, company: Company, id: string, signal: AbortSignal): Promise<void> {
  const attempt = await begin(services, company, id);
  if (!attempt) return clearFiles(services, company, id);
  try {
    const facts = await make(services, company, attempt, signal);
    await deliver(services, company, attempt, facts);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    await services.files.remove(attempt.fileKey);
  }
}

/** Leaves no file when it throws. */
async function make(services: Needed, company: Company, attempt: Attempt, signal: AbortSignal): Promise<FileFacts> {
  const { files, tenancy } = services;
  const draft = await files.draft(attempt.fileKey);
  try {
    const facts = await fill(services, company, attempt, { stream: draft.stream, signal });
    await draft.keep();
    return facts;
  } catch (error) {
    await draft.discard();
    await tenancy.inCompany(company, (db) => db.execute(sql.putBack(attempt.id, attempt.fileKey)));
    throw error;
  }
}

async function fill(
  services: Needed,
  company: Company,
  attempt: Attempt,
  { stream, signal }: { stream: Writable; signal: AbortSignal },
): Promise<FileFacts> {
  const { customer_id: customerId, format, locale } = attempt;
  if (format !== 'person') {
    const order = orderOf(services, company, { ...attempt, format }, signal);
    return services.tenancy.inSnapshot(company, (snapshot) => makeFile(snapshot, order, stream));
  }
  const found = await services.tenancy.inCompany(company, (db) => collect(db, customerId ?? ''));
  if (!found) throw new Error('the customer is not there any more');
  return writePerson(stream, found, { company: company.name, at: services.clock(), t: translator(locale) });
}

/** null: it is over, or was cancelled before it began */
async function begin({ tenancy, files }: Needed, company: Company, id: string): Promise<Attempt | null> {
  const fileKey = `exports/${company.id}/${id}-${randomBytes(6).toString('hex')}`;
  const [begun] = await tenancy.inCompany(company, (db) => db.query<sql.Begun>(sql.begin(id, fileKey)));
  if (begun?.former_key) await files.remove(begun.former_key);
  return begun ? { ...begun, id, fileKey } : null;
}

function orderOf(
  services: Needed,
  company: Company,
  attempt: Attempt & { format: sql.Format },
  signal: AbortSignal,
): Order {
  const { state } = customers.parseListState(new URLSearchParams(attempt.filter), company);
  return {
    format: attempt.format,
    selection: customers.selection(state, company, services.clock()),
    t: translator(attempt.locale),
    progress: reporter(services, company, attempt, signal),
  };
}

/** Once a second it says how far it is, and learns whether it is still wanted. */
function reporter(
  { tenancy }: Needed,
  company: Company,
  { id, fileKey }: Attempt,
  signal: AbortSignal,
): Order['progress'] {
  let told = Number.NEGATIVE_INFINITY;
  return async (done, total) => {
    signal.throwIfAborted();
    if (performance.now() - told < 1000) return;
    told = performance.now();
    const wanted = await tenancy.inCompany(company, (db) => db.execute(sql.progress(id, fileKey, done, total)));
    if (wanted === 0) throw new Stopped();
  };
}

/**
 * From here on the file may be taken, and who wanted it is told, all at once. Where it is not known whether this happened, the file
 * stays: the next try knows.
 */
async function deliver({ tenancy, clock, config }: Needed, company: Company, attempt: Attempt, facts: FileFacts) {
  const { id, fileKey } = attempt;
  const now = clock();
  const expiresAt = new Date(now.getTime() + DAYS_KEPT * DAYS);
  await tenancy.inCompany(company, async (db) => {
    const wanted = await db.execute(sql.finish(id, { ...facts, fileKey, expiresAt }));
    if (wanted === 0) throw new Stopped();
    await notices.post(db, {
      userId: attempt.user_id,
      kind: attempt.format === 'person' ? 'person-copied' : 'export-done',
      data: { count: facts.rows, path: '/exports' },
    });
    const to = await addressOf(db, attempt.user_id);
    if (to === null) return;
    const link = `${config.publicUrl}/companies/${company.id}/exports/${id}/file`;
    await outbox.post(db, {
      to,
      ...readyLetter(attempt.locale, { company, link, rows: facts.rows, expiresAt, now, kind: attempt.format }),
    });
  });
}

/** null: the person has left the company since */
async function addressOf(db: CompanyDb, userId: string): Promise<string | null> {
  return (await db.query<{ email: string }>(sql.reader(userId)))[0]?.email ?? null;
}
