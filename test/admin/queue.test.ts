import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import * as outbox from '../../src/outbox/outbox.ts';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, type Visitor } from '../make.ts';

let portal: TestApp;
let admin: Visitor;
let company: Company;
beforeAll(async () => {
  portal = await makeApp();
  admin = await signIn(portal, await makeUser(portal, { admin: true }));
  company = await makeCompany(portal, { slug: 'honey' });
});
afterAll(() => portal.close());

const wanted = (later = 0) =>
  portal.tenancy.inCompany(company, (db) => enqueue(db, 'duplicates.find', {}, new Date(Date.now() + later * 1000)));

/** A job as it stands after its last try. */
async function failed(error: string): Promise<string> {
  const id = await wanted();
  await portal.database.prisma.$executeRaw(
    sql`update job set due_at = 'infinity', attempts = 3, last_error = ${error} where id = ${id}::uuid`,
  );
  return id;
}

const rowOf = (id: string) => portal.database.prisma.job.findUnique({ where: { id } });

/** The line of one job. */
const line = (html: string, id: string) => html.split(`id="job-${id}"`)[1]?.split('</tr>')[0] ?? '';

describe('the board of jobs', () => {
  test('tells how each job stands: running, due, waiting, failed with its error, done; and is narrowed by state, name and company', async () => {
    const [waits, due, broken, runs] = [await wanted(3600), await wanted(), await failed('no room'), await wanted()];
    await portal.database.prisma.$executeRaw(
      sql`update job set leased_until = now() + interval '1 hour' where id = ${runs}::uuid`,
    );
    const { text } = await admin.get('/admin/queue');
    const states = [waits, due, broken, runs].map((id) => />(Waiting|Due|Failed|Running)</.exec(line(text, id))?.[1]);
    expect(states).toEqual(['Waiting', 'Due', 'Failed', 'Running']);
    expect(line(text, broken)).toContain('no room');
    expect(line(text, runs)).not.toContain('Cancel');
    for (const [query, shown] of [
      ['state=failed', [broken]],
      ['state=running', [runs]],
      ['name=duplicates.find&company=honey', [waits, due, broken, runs]],
      ['name=bulk.run', []],
    ] as const) {
      const page = (await admin.get(`/admin/queue?${query}`)).text;
      expect([query, [waits, due, broken, runs].filter((id) => line(page, id) !== '')]).toEqual([query, [...shown]]);
    }
    expect((await admin.get('/admin/queue?company=nowhere')).text).toContain('There is no company of this short name.');
    await portal.database.prisma.job.delete({ where: { id: runs } });
    await portal.runJobs();
    expect((await admin.get('/admin/queue')).text).toMatch(/data-label="Done in the last hour">[1-9]/);
    await portal.database.prisma.$executeRaw(sql`delete from job`);
  });

  test('shows ids and numbers of what a job is told, and nobody’s address', async () => {
    await portal.tenancy.inPortal((db) => enqueue(db, 'password.letter', { email: 'olena@example.com' }));
    const id = await failed('550 <olena@example.com>: user unknown, call +380671234567');
    const letter = newId();
    const mail = await portal.tenancy.inPortal((db) => enqueue(db, 'mail.send', { letterId: letter }));
    const { text } = await admin.get('/admin/queue');
    expect(line(text, mail)).toContain(letter);
    expect(line(text, id)).toContain('user unknown');
    expect(text).not.toMatch(/olena@example\.com|671234567/);
    await portal.database.prisma.$executeRaw(sql`delete from job`);
  });

  test('has one that failed, or all of them, tried again from the first attempt on; letters leave then', async () => {
    const [one, other] = [await failed('first'), await failed('second')];
    await admin.get('/admin/queue');
    await admin.post(`/admin/queue/${one}/retry`);
    expect(await rowOf(one)).toMatchObject({ attempts: 0n });
    expect((await rowOf(one))?.dueAt.getTime()).toBeLessThanOrEqual(Date.now() + 1000);
    await portal.tenancy.inPortal((db) => outbox.post(db, { to: 'late@example.com', subject: 'Late', text: 'x' }));
    await portal.database.prisma.$executeRaw(sql`update outbox set state = 'failed'`);
    await portal.database.prisma.$executeRaw(sql`update job set due_at = 'infinity' where name = 'mail.send'`);
    await admin.post('/admin/queue/retries', { name: '', company: '' });
    expect((await admin.get('/admin/queue')).text).toContain('2 jobs are due again.');
    await portal.runJobs();
    expect(await portal.database.prisma.outbox.findMany({ select: { state: true } })).toEqual([{ state: 'kept' }]);
    expect([await rowOf(one), await rowOf(other)]).toEqual([null, null]);
    expect((await admin.get('/admin/audit?action=job.retried')).text).toContain(one);
  });

  test('cancels after a question: whoever waits is told; not one that runs; and it is written down', async () => {
    const user = await makeUser(portal, { company });
    const member = await signIn(portal, user);
    await member.post('/exports', { format: 'csv' });
    const [job] = await portal.database.prisma.job.findMany({ where: { name: 'export.run' } });
    const id = job?.id ?? '';
    expect((await admin.get(`/admin/queue/${id}/cancellation`)).text).toContain('Cancel this job: export.run?');
    await admin.post(`/admin/queue/${id}/cancellation`);
    expect((await admin.get('/admin/queue')).text).toContain('Being cancelled');
    await portal.runJobs();
    expect(await rowOf(id)).toBeNull();
    expect((await member.get('/exports')).text).toContain('could not');
    expect((await admin.get('/admin/audit?action=job.cancelled')).text).toContain(id);
    const runs = await wanted();
    await portal.database.prisma.$executeRaw(
      sql`update job set leased_until = now() + interval '1 hour' where id = ${runs}::uuid`,
    );
    await admin.post(`/admin/queue/${runs}/cancellation`);
    expect((await admin.get('/admin/queue')).text).toContain('was not cancelled');
    expect((await rowOf(runs))?.cancelledAt).toBeNull();
    expect((await admin.post(`/admin/queue/${newId()}/retry`)).status).toBe(404);
  });
});
