import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ingestOrders } from '../../../src/ingest/ingest.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { call, type Site, site } from '../../bench/load.ts';
import { apiKey, makeCompany, memberOf, type TestApp, type Visitor } from '../../make.ts';
import { deliveryOf } from '../check.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { until } from '../wait.ts';
import { setPace } from '../world.ts';
import { abreast } from './abreast.ts';
import { linesOf, poisons, stringsOf, textsFrom } from './poisons.ts';
import { inPortal } from './portal.ts';
import { segmentsOf } from './segments.ts';

const MOST_SECONDS = 600;
const LONGEST = 1600;

/** A campaign to one person, and what must reach them. */
interface Sent {
  id: string;
  text: string;
  /** as told before it left */
  parts: number;
}

interface Scene {
  company: Company;
  web: Site;
  owner: Visitor;
  customer: string;
  sent: Sent[];
  refused: number;
  slowest: number;
  wrong: Set<string>;
}

/** F21 */
export const poisoned = (stage: Stage): Promise<Outcome[]> =>
  inPortal(stage, async (portal) => {
    const { options, standin, random } = stage;
    standin.turn({ seed: options.seed, latency: [0, 5], callbacks: QUIET });
    await setPace(stage, 1000);
    const scene = await arrange(stage, portal);
    const file = join(stage.services.config.dataDir, 'ran');
    const hostile = [...poisons(file), ...OWN, ...stringsOf(options.strings)];
    await abreast(4, hostile, (text) => post(scene, text));
    await people(stage, scene, file);
    await senders(scene);
    const poisonous = scene.sent.length;
    const texts = [...textsFrom(random, options.sms), ...linesOf(options.texts)];
    await abreast(4, texts, (text) => post(scene, text.replaceAll('{{', '{ {').slice(0, LONGEST)));
    const worker = await stage.startWorker();
    const over = await until(async () => (await unsent(stage, scene)) === 0, MOST_SECONDS, 100);
    await standin.settled();
    await worker.stop();
    if (!over) scene.wrong.add(`${await unsent(stage, scene)} campaigns have not ended`);
    const { mismatches, changed } = await compare(stage, scene);
    const ran = existsSync(file) ? 1 : 0;
    return [
      plain({
        injected: hostile.length + PEOPLE.length + SENDERS.length,
        operations: scene.sent.length + scene.refused,
        misses: [
          ran > 0 && 'code ran',
          changed > 0 && `${changed} texts were not printed as they are`,
          mismatches > 0 && `${mismatches} texts cost something else than was told`,
          ...scene.wrong,
        ],
        note: `code runs ${ran}; ${scene.refused} refused, ${poisonous} printed as text, slowest ${scene.slowest.toFixed(0)} ms; of ${scene.sent.length} texts ${mismatches} in other parts than told`,
      }),
    ];
  });

const QUIET = { copies: [1, 1], shuffled: false, lost: 0, early: 0, delay: [0, 0], undelivered: 0 } as const;

const OWN = [
  'null',
  'undefined',
  '\u202eright to left\u202c',
  'a\u0301'.repeat(60),
  'ﷺ'.repeat(20),
  '\ufeffbom\u200b',
  '\u2028\u2029 x',
  '1;DROP TABLE',
];

async function arrange(stage: Stage, portal: TestApp): Promise<Scene> {
  const company = await makeCompany(portal);
  await stage.ask('update company set sms_cap = 0, quiet_hours = null where id = $1', [company.id]);
  const key = await apiKey(portal, company, ['ingest', 'read', 'send']);
  return {
    company,
    web: site(stage.port, { 'content-type': 'application/json', authorization: `Bearer ${key}` }),
    owner: await memberOf(portal, company),
    customer: await customerNamed(stage, company, NAME, '+380671110000'),
    ...{ sent: [], refused: 0, slowest: 0, wrong: new Set() },
  };
}

async function customerNamed({ services }: Stage, company: Company, name: string, phone: string): Promise<string> {
  const order = {
    externalId: phone,
    placedAt: new Date(Date.now() - 60_000).toISOString(),
    currency: 'UAH',
    total: '1.00',
    customer: { name, phones: [phone] },
  };
  const [result] = await ingestOrders(services.tenancy, company, [order], new Date());
  if (!result?.customerId) throw new Error('The customer was not made');
  return result.customerId;
}

let numbered = 0;

async function post(scene: Scene, text: unknown, expected = printed(text), customer = scene.customer): Promise<void> {
  const externalId = `poison-${numbered++}`;
  const body = JSON.stringify({ externalId, name: externalId, text, customers: [customer], launch: true });
  const start = performance.now();
  const answer = await call(scene.web, `/api/v1/companies/${scene.company.slug}/campaigns`, {
    method: 'POST',
    body,
  }).catch(() => null);
  scene.slowest = Math.max(scene.slowest, performance.now() - start);
  if (answer?.status === 201) {
    const { id, parts } = JSON.parse(answer.body);
    scene.sent.push({ id, parts, text: expected });
  } else if (answer && answer.status >= 400 && answer.status < 500) scene.refused++;
  else scene.wrong.add(`${JSON.stringify(text).slice(0, 60)} is answered ${answer?.status ?? 'with a cut connection'}`);
}

const NAME = 'Olena';

/** What reaches a person: the text, letter by letter; lines end with one sign, and blanks around a field's name are nothing. */
const printed = (text: unknown): string =>
  (typeof text === 'string' ? text : JSON.stringify(text)).replace(/\r\n?/g, '\n').replace(/\{\{\s*name\s*\}\}/, NAME);

/** Who is called like a template is called just that. */
const PEOPLE = [
  '{{company}}',
  '{{stop}}',
  '{{constructor}}',
  '$' + '{company}',
  '$1 $& $$',
  '<b>{{name}}</b>',
  '{{name|x}}',
  '__proto__',
  'constructor',
  'toString',
];

async function people(stage: Stage, scene: Scene, file: string): Promise<void> {
  const names = [...PEOPLE, `{{constructor.constructor("require('fs').writeFileSync('${file}')")()}}`.slice(0, 255)];
  for (const [at, name] of names.entries()) {
    const customer = await customerNamed(stage, scene.company, name, `+38067111${String(1001 + at)}`);
    await post(scene, 'Dear {{name|friend}}!', `Dear ${name}!`, customer);
  }
}

const SENDERS = [
  '+15005550006\r\nX-Evil: 1',
  '+15005550006%0d%0aBody: x',
  '\n',
  '+1{{name}}',
  '<b>',
  '+15005550006&Body=evil',
];

/** By the form: who it comes from is one of the company's own, and nothing else. */
async function senders(scene: Scene): Promise<void> {
  for (const sender of SENDERS) {
    const draft = { to: 'all', name: 'Sender', channel: 'sms', sender, body: 'Hello', scheduledAt: '', expiresAt: '' };
    const { status, headers } = await scene.owner.post('/sms', draft);
    const isKept = status < 400 && sender.trim() !== '';
    if (isKept || status >= 500)
      scene.wrong.add(`a draft from ${JSON.stringify(sender)} is answered ${status} ${headers.location ?? ''}`);
    else scene.refused++;
  }
}

async function unsent({ ask }: Stage, { company }: Scene): Promise<number> {
  const [row] = await ask<{ count: number }>(
    `select count(*)::int as count from campaign where company_id = $1 and state not in ('finished', 'draft')`,
    [company.id],
  );
  return row?.count ?? 0;
}

async function compare({ ask, standin }: Stage, { company, sent }: Scene) {
  const rows = await ask<{ id: string; campaign: string }>(
    'select id, campaign_id as campaign from delivery where company_id = $1',
    [company.id],
  );
  const campaignOf = new Map(rows.map(({ id, campaign }) => [id, campaign]));
  const made = new Map(standin.taken.map((message) => [campaignOf.get(deliveryOf(message) ?? ''), message.body]));
  const changed = sent.filter(({ id, text }) => made.get(id) !== text).length;
  const mismatches = sent.filter(({ id, parts }) => segmentsOf(made.get(id) ?? '') !== parts).length;
  return { changed, mismatches };
}
