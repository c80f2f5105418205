import { openChannels } from '../../../src/platform/channels.ts';
import { type Sql, sql } from '../../../src/platform/db.ts';
import { send } from '../../../src/sms/send/send.ts';
import type { Effort } from '../../../src/sms/send/settings.ts';
import { openShop, phones, planTo, type Shop } from '../../ledger/make.ts';
import type { Knobs } from '../../standin/knobs.ts';
import { type Standin, startStandin } from '../../standin/twilio.ts';
import { rows } from '../../tags/make.ts';

export const FROM = '+15005550006';

/** A company whose campaign goes to a stand-in for Twilio. */
export interface Sending extends Shop {
  standin: Standin;
  /** The job of the campaign, once, as a worker runs it. */
  work(effort?: Partial<Effort>, signal?: AbortSignal): Promise<void>;
  /** How often each number was reached. */
  reached(): Map<string, number>;
}

type Wishes = NonNullable<Parameters<typeof openShop>[0]> & {
  to?: number;
  knobs?: Partial<Knobs>;
  perSecond?: number;
};

const open: Standin[] = [];

export async function openSending({ to = 10, knobs = {}, perSecond = 2000, ...wishes }: Wishes = {}): Promise<Sending> {
  const standin = await startStandin({ token: 'token', knobs });
  open.push(standin);
  const settings = {
    TWILIO_API_URL: standin.url,
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: FROM,
    ...wishes.settings,
  };
  const shop = await openShop({ ...wishes, settings });
  await addSender(shop, FROM, perSecond);
  await shop.inside((db) => planTo(db, shop.campaignId, phones(to), wishes.channel));
  const channels = await openChannels(shop.portal.services.config);
  const never = new AbortController().signal;
  return {
    ...shop,
    standin,
    work: (effort = {}, signal = never) =>
      send(shop.portal.services, channels, shop.company, shop.campaignId, signal, { patienceSeconds: 2, ...effort }),
    reached: () => reachedBy(standin),
  };
}

export async function closeSendings(): Promise<void> {
  for (const standin of open.splice(0)) await standin.close();
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
