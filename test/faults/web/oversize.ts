import { makeKey } from '../../../src/keys/keys.ts';
import { watchMemory } from '../../bench/processes.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { sleep } from '../wait.ts';
import { makeWorld } from '../world.ts';
import { type Case, casesFor, type Door } from './bodies.ts';
import { type Poured, pour } from './pour.ts';
import { probing } from './probe.ts';
import { signedIn } from './visitor.ts';

const MEGABYTE = 1024 * 1024;
// The largest that is read is an imported file; and then there is what the system itself takes before anybody looks.
const MOST_BEFORE = 64 * MEGABYTE;
const MOST_AFTER = 32 * MEGABYTE;
const MOST_GROWTH = 400;

type Poured1 = Poured & { name: string; right: boolean };

/** F17: more than anybody can want to send, at each kind of door; a person at work meanwhile. */
export async function oversize(stage: Stage): Promise<Outcome[]> {
  const { options, port, web } = stage;
  const { company } = await makeWorld(stage, { recipients: 50 });
  const wanted = { companyId: company.id, name: 'shop', scopes: ['ingest'] as const, userId: null };
  const { key } = await stage.services.tenancy.inPortal((db) => makeKey(db, wanted));
  const [user, sender] = await Promise.all([signedIn(stage, company), signedIn(stage, company)]);
  const doors = doorsOf(company.slug, key, sender.cookie);
  const cases = doors.flatMap((door) => casesFor(door, options.megabytes).map((one) => ({ ...one, at: door.name })));
  const ask = async () => (await user.get('/customers')).status === 200;
  const calm = await probing(ask, () => sleep(options.short ? 1000 : 10_000));
  const { result: met, max, start } = await watchMemory(web.pid, () => probing(ask, () => all(port, cases)));
  const wrong = met.result.filter(({ right }) => !right);
  const [before, after] = [most(met.result, 'before'), most(met.result, 'after')];
  for (const browser of [user, sender]) browser.close();
  return [
    plain({
      injected: cases.length,
      operations: met.asked,
      lost: met.failed,
      misses: [
        wrong.length > 0 && `other answers: ${wrong.map(({ name, status }) => `${name} ${status}`).join(', ')}`,
        before > MOST_BEFORE && `${mega(before)} MB taken before an answer`,
        after > MOST_AFTER && `${mega(after)} MB taken after one`,
        max - start > MOST_GROWTH && `memory grew by ${Math.round(max - start)} MB`,
        !web.running() && 'the process did not survive',
      ],
      note: `up to ${options.megabytes} MB at ${doors.map(({ name }) => name).join(', ')}: at most ${mega(before)} MB taken before the answer, ${mega(after)} MB after it; memory ${Math.round(start)} MB, at most ${Math.round(max)} MB; pages of others p95 ${met.p95} ms (${calm.p95} ms in peace)`,
    }),
  ];
}

const mega = (bytes: number): string => (bytes / MEGABYTE).toFixed(1);
const most = (all: readonly Poured1[], of: 'before' | 'after') => Math.max(...all.map((one) => one[of]));

/** Two at a time. */
async function all(port: number, cases: readonly (Case & { at: string })[]): Promise<Poured1[]> {
  const left = [...cases];
  const done: Poured1[] = [];
  const next = async () => {
    for (let one = left.shift(); one; one = left.shift()) {
      const poured = await pour(port, one.flood);
      done.push({ ...poured, name: `${one.at} ${one.name}`, right: one.right.includes(poured.status) });
    }
  };
  await Promise.all([next(), next()]);
  return done;
}

const FORM = 'application/x-www-form-urlencoded';

function doorsOf(slug: string, key: string, cookie: string): Door[] {
  const file =
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nname\r\n';
  return [
    {
      ...{ name: 'API', path: `/api/v1/companies/${slug}/orders`, type: 'application/json' },
      ...{ headers: { Authorization: `Bearer ${key}` }, begin: '{"orders":["', unit: 'x' },
    },
    {
      ...{ name: 'API without a key', path: `/api/v1/companies/${slug}/orders`, type: 'application/json' },
      ...{ headers: {}, begin: '{"orders":["', unit: 'x' },
    },
    { ...{ name: 'form', path: '/login', type: FORM, headers: {} }, begin: 'email=', unit: 'x' },
    { ...{ name: 'webhook', path: '/webhooks/twilio/inbound', type: FORM, headers: {} }, begin: 'Body=', unit: 'x' },
    {
      ...{ name: 'upload', path: '/imports', type: 'multipart/form-data; boundary=x' },
      ...{ headers: { Cookie: cookie }, begin: file, unit: 'somebody\r\n' },
    },
  ];
}
