import * as outbox from '../../src/outbox/outbox.ts';
import { openDatabase, sql } from '../../src/platform/db.ts';
import { openTenancy } from '../../src/tenancy/tenancy.ts';
import type { Services } from '../../src/web/services.ts';
import { makeApp, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { type Backend, queuesOn } from './backends.ts';

/** A portal whose jobs are really queued. */
export interface QueuedPortal extends TestApp {
  /** As another process sees it: own connections to the database and to the queue. */
  process(): Promise<Services>;
  forgetQueue(): Promise<void>;
}

export async function makeQueuedPortal(backend: Backend, settings: Record<string, string> = {}): Promise<QueuedPortal> {
  const portal = await makeApp(settings);
  const url = portal.services.config.databaseUrl ?? '';
  const queues = queuesOn(backend, url);
  const databases: ReturnType<typeof openDatabase>[] = [];
  return {
    ...portal,
    process: async () => {
      const queue = await queues.open();
      const database = openDatabase(url, 8);
      databases.push(database);
      const tenancy = openTenancy(database, (jobId, dueAt) => queue.wake(jobId, dueAt), keyOfPhone);
      return { ...portal.services, database, tenancy, queue };
    },
    forgetQueue: () => queues.forget(),
    close: async () => {
      await queues.close();
      for (const database of databases) await database.close();
      await portal.close();
    },
  };
}

/** Posts a letter; its job is the one that is told apart by this address. Answers the job's id. */
export async function postLetter(
  { tenancy }: Pick<Services, 'tenancy'>,
  to: string,
  subject = 'Hello',
): Promise<string> {
  return tenancy.inPortal(async (db) => {
    await outbox.post(db, { to, subject, text: 'A letter' });
    const [job] = await db.query<{ id: string }>(sql`
      select j.id from job j join outbox o on o.id::text = j.payload ->> 'letterId' where o.address = ${to}`);
    return job?.id ?? '';
  });
}

export interface JobRow {
  name: string;
  attempts: number;
  leased: boolean;
  due: 'now' | 'later' | 'never';
  last_error: string | null;
}

/** null: it is done */
export async function jobRow({ database }: Pick<TestApp, 'database'>, id: string): Promise<JobRow | null> {
  const rows = await database.prisma.$queryRaw<JobRow[]>(sql`
    select name, attempts::int as attempts, leased_until is not null as leased, last_error,
           case when due_at = 'infinity' then 'never' when due_at > now() then 'later' else 'now' end as due
    from job where id = ${id}::uuid`);
  return rows[0] ?? null;
}

export async function letterState({ database }: Pick<TestApp, 'database'>, to: string) {
  const rows = await database.prisma.$queryRaw<{ state: string; last_error: string | null; sent: boolean }[]>(
    sql`select state, last_error, sent_at is not null as sent from outbox where address = ${to}`,
  );
  return rows[0] ?? null;
}
