import { openChannels } from '../../../src/platform/channels.ts';
import { readConfig } from '../../../src/platform/config.ts';
import { type Sql, sql } from '../../../src/platform/db.ts';
import { type Effort, send } from '../../../src/sms/send/send.ts';
import type { Services } from '../../../src/web/services.ts';
import { deliveries, phones, planTo, type Shop, shopIn } from '../../ledger/make.ts';
import { makeApp, type TestApp } from '../../make.ts';
import type { Knobs } from '../../standin/knobs.ts';
import { type Standin, startStandin } from '../../standin/twilio.ts';
import { rows } from '../../tags/make.ts';

/** A company whose campaign goes to a stand-in for Twilio of its own. */
export interface Sending extends Shop {
  standin: Standin;
  services: Services;
  /** the default sender */
  from: string;
  /** The job of the campaign, once, as a worker runs it. */
  work(effort?: Partial<Effort>, signal?: AbortSignal): Promise<void>;
  /** How often each number was reached. */
  reached(): Map<string, number>;
}

type Wishes = NonNullable<Parameters<typeof shopIn>[1]> & { to?: number; knobs?: Partial<Knobs>; perSecond?: number };

let portal: TestApp | null = null;
const standins: Standin[] = [];

/** On one portal for all tests of a file. */
export async function openSending({ to = 10, knobs = {}, perSecond = 2000, ...wishes }: Wishes = {}): Promise<Sending> {
  portal ??= await makeApp();
  const standin = await startStandin({ token: 'token', knobs });
  standins.push(standin);
  const from = `+1500555${String(1000 + standins.length)}`;
  const services = { ...portal.services, config: configOf(portal, standin, from) };
  const shop = await shopIn(portal, wishes);
  await addSender(shop, from, perSecond);
  await shop.inside((db) => planTo(db, shop.campaignId, phones(to), wishes.channel));
  const channels = await openChannels(services.config);
  const never = new AbortController().signal;
  return {
    ...shop,
    standin,
    services,
    from,
    work: (effort = {}, signal = never) =>
      send(services, channels, shop.company, shop.campaignId, signal, {
        patienceSeconds: 2,
        turnSeconds: 600,
        ...effort,
      }),
    reached: () => reachedBy(standin),
  };
}

function configOf({ services }: TestApp, standin: Standin, from: string) {
  return readConfig({
    DATABASE_URL: services.config.databaseUrl,
    TWILIO_API_URL: standin.url,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: from,
  });
}

export async function closeSendings(): Promise<void> {
  for (const standin of standins.splice(0)) await standin.close();
  await portal?.close();
  portal = null;
}

export const addSender = ({ portal }: Pick<Shop, 'portal'>, address: string, perSecond: number) =>
  portal.database.prisma.$executeRaw(sql`
    insert into sender (id, address, per_second) values (gen_random_uuid(), ${address}, ${perSecond})`);

export function reachedBy({ taken }: Standin): Map<string, number> {
  const reached = new Map<string, number>();
  for (const { to } of taken) reached.set(to, (reached.get(to) ?? 0) + 1);
  return reached;
}

export interface JobRow {
  name: string;
  due_at: Date;
}

export const jobsOf = ({ portal, company }: Shop): Promise<JobRow[]> =>
  rows<JobRow>(portal, sql`select name, due_at from job where company_id = ${company.id}::uuid order by due_at`);

export const set = ({ portal }: Shop, statement: Sql): Promise<number> => portal.database.prisma.$executeRaw(statement);

/** Rows of a table that belong to the company. */
export const own = <Row>(
  { portal: { database }, company }: Shop,
  columns: Sql,
  table: Sql,
  order: Sql,
): Promise<Row[]> =>
  database.prisma.$queryRaw<Row[]>(
    sql`select ${columns} from ${table} where company_id = ${company.id}::uuid order by ${order}`,
  );

/** How many of the campaign are in each state; states without any are left out. */
export async function tally(shop: Pick<Shop, 'portal' | 'campaignId'>): Promise<Record<string, number>> {
  const tallied: Record<string, number> = {};
  for (const { state } of await deliveries(shop)) tallied[state] = (tallied[state] ?? 0) + 1;
  return tallied;
}

/** Resolves when the stand-in was asked for so many. */
export async function untilAsked({ standin }: Sending, count: number): Promise<void> {
  while (standin.asked() < count) await new Promise((done) => setImmediate(done));
}
