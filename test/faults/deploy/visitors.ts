import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { addMember, createUser, newUser } from '../../../src/auth/auth.ts';
import { newId } from '../../../src/kernel/id.ts';
import { makeKey } from '../../../src/keys/keys.ts';
import { type Answer, call, type Site } from '../../bench/load.ts';
import { tokenOf } from '../../load/forms.ts';
import type { Stage } from '../stage.ts';
import type { World } from '../world.ts';

/** People and programs that never stop asking. */
export interface Visitors {
  /** how many answers were right */
  answered(): number;
  failed: readonly string[];
  /** Begins a download that takes some seconds. Resolves when its last byte was compared. */
  download(): Promise<void>;
  /** Lets everybody finish; then every order that was acknowledged is looked for. Answers how many of them are not there once. */
  stop(): Promise<number>;
}

const CLIENTS = 8;
const THINK = 60;

export async function sendVisitors(stage: Stage, world: World, port: number): Promise<Visitors> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const { site, userId } = await signIn(stage, world, { port, agent, headers: {} });
  const wanted = { companyId: world.company.id, name: 'deploy', scopes: ['ingest', 'read'] as const, userId: null };
  const { key } = await stage.services.tenancy.inPortal((db) => makeKey(db, wanted));
  const api = { port, agent, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } };
  const file = await storeFile(stage, world, userId);
  const failed: string[] = [];
  const orders: string[] = [];
  let answered = 0;
  let going = true;

  const asked = async (what: string, ask: () => Promise<Answer>, wanted: number, expect: string) => {
    const answer = await ask().catch((error: Error) => error);
    if (answer instanceof Error) failed.push(`${what}: ${answer.message}`);
    else if (answer.status !== wanted || !answer.body.includes(expect))
      failed.push(`${what}: ${answer.status} ${answer.body.slice(0, 200)}`);
    else answered++;
    return answer instanceof Error || answer.status !== wanted ? null : answer;
  };
  const read = (path: string, expect: string) => asked(path, () => call(site, path), 200, expect);
  const rounds = [
    () => read('/customers', '</html>'),
    () => read('/segments', '</html>'),
    async () => {
      const page = await read('/profile', '</html>');
      const body = new URLSearchParams({
        _csrf: tokenOf(page?.body ?? ''),
        theme: 'dark',
        back: '/profile',
      }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return asked('POST theme', () => call(site, '/profile/theme', { method: 'POST', body, headers }), 303, '');
    },
    async () => {
      const externalId = newId();
      const path = `/api/v1/companies/${world.company.slug}/orders`;
      const order = {
        externalId,
        placedAt: new Date(),
        currency: 'UAH',
        total: '1.00',
        customer: { name: externalId },
      };
      const body = JSON.stringify({ orders: [order] });
      const answer = await asked('POST orders', () => call(api, path, { method: 'POST', body }), 200, '"created"');
      if (answer) orders.push(externalId);
    },
  ];
  const clients = Array.from({ length: CLIENTS }, async (_, n) => {
    for (let round = n; going; round++) {
      await rounds[round % rounds.length]?.();
      await sleep(THINK);
    }
  });
  return {
    answered: () => answered,
    failed,
    download: () =>
      slowly(site, file.path).then(
        (digest) => {
          if (digest === file.digest) answered++;
          else failed.push('a download came with other bytes');
        },
        (error: Error) => void failed.push(`a download: ${error.message}`),
      ),
    stop: async () => {
      going = false;
      await Promise.all(clients);
      agent.destroy();
      const [row] = await stage.ask<{ count: number; once: number }>(
        `select count(*)::int as count, count(distinct external_id)::int as once from arrival
         where company_id = $1 and external_id = any($2)`,
        [world.company.id, orders],
      );
      return orders.length - (row?.once ?? 0) + ((row?.count ?? 0) - (row?.once ?? 0));
    },
  };
}

async function signIn(
  { services }: Stage,
  { company }: World,
  anonymous: Site,
): Promise<{ site: Site; userId: string }> {
  const password = newId();
  const input = newUser.parse({ email: `deploy-${newId().slice(-8)}@example.com`, name: 'Deploy', password });
  const userId = await services.tenancy.inPortal(async (db) => {
    const id = await createUser(db, input, null);
    await addMember(db, { companyId: company.id, userId: id, role: 'owner' }, null);
    return id;
  });
  const form = await call(anonymous, '/login');
  const body = new URLSearchParams({ _csrf: tokenOf(form.body), email: input.email, password }).toString();
  const headers = { cookie: cookiesOf(form), 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await call(anonymous, '/login', { method: 'POST', body, headers });
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`);
  return { site: { ...anonymous, headers: { cookie: cookiesOf(answer) } }, userId };
}

const cookiesOf = ({ headers }: Answer) =>
  (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');

const BYTES = 24 * 1024 * 1024;

/** An export whose file is bigger than what the system would take from us at once. */
async function storeFile({ services, ask }: Stage, { company }: World, userId: string) {
  const [id, bytes] = [newId(), Buffer.alloc(BYTES, 'row after row\n')];
  const key = `exports/${company.id}/${id}.csv`;
  const digest = createHash('sha256').update(bytes).digest('hex');
  const draft = await services.files.draft(key);
  await new Promise<void>((done, failed) => {
    draft.stream.once('error', failed).end(bytes, () => done());
  });
  await draft.keep();
  await ask(
    `insert into export (company_id, id, user_id, format, filter, locale, state, file_key, rows_total, rows_done, size, sha256, finished_at, expires_at)
     values ($1, $2, $3, 'csv', '', 'en', 'done', $4, 1, 1, $5, $6, now(), now() + interval '7 days')`,
    [company.id, id, userId, key, BYTES, digest],
  );
  return { path: `/exports/${id}/file`, digest };
}

const SLICE = 1024 * 1024;
const PER_SLICE = 150;

/** A megabyte, a pause, and so on: about four seconds. */
function slowly({ port, agent, headers }: Site, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, agent, path, headers }, async (answer) => {
      const hash = createHash('sha256');
      let since = 0;
      try {
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          hash.update(chunk);
          since += chunk.length;
          if (since >= SLICE) await sleep(PER_SLICE);
          since %= SLICE;
        }
        resolve(hash.digest('hex'));
      } catch (error) {
        reject(error);
      }
    });
    asked.on('error', reject);
  });
}
