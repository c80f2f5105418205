import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '../../../src/kernel/id.ts';
import { type Channels, openChannels } from '../../../src/platform/channels.ts';
import { sql } from '../../../src/platform/db.ts';
import { type Effort, send } from '../../../src/sms/send/send.ts';
import { deliveryToken } from '../../../src/sms/token.ts';
import { twilioSignature } from '../../../src/sms/webhooks/signature.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { phones, planTo, type Shop, shopIn } from '../../ledger/make.ts';
import { makeApp } from '../../make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import type { Knobs } from '../../standin/knobs.ts';
import { type Standin, startStandin } from '../../standin/twilio.ts';
import { rows } from '../../tags/make.ts';
import { addSender, reachedBy } from '../send/make.ts';

export const TOKEN = 'token';
export const SECRET = 'the secret of the test sessions';

/** A company that sends by a stand-in for Twilio, which reaches the portal over HTTP. */
export interface Line extends Shop {
  standin: Standin;
  channels: Channels;
  url: string;
  /** The job of the campaign, once, as a worker runs it. */
  work(effort?: Partial<Effort>, signal?: AbortSignal): Promise<void>;
  /** How often each number was reached. */
  reached(): Map<string, number>;
  /** Somebody writes to one of our senders: answers the HTTP status. */
  write(from: string, body: string, more?: { to?: string; sid?: string }): Promise<number>;
  /** A callback about a delivery as Twilio sends it. */
  tell(deliveryId: string, fields: Record<string, string>, by?: Partial<Caller>): Promise<number>;
  tokenOf(deliveryId: string, company?: Company): string;
}

interface Caller {
  company: Company;
  signature: string;
  token: string;
}

export const FROM = '+15005550006';

type Wishes = NonNullable<Parameters<typeof shopIn>[1]> & {
  to?: number;
  knobs?: Partial<Knobs>;
  perSecond?: number;
  settings?: Record<string, string>;
};

const open: (() => Promise<unknown>)[] = [];

/** A portal of its own: whom a message concerns is asked of all companies of a portal. */
export async function openLine({
  to = 10,
  knobs = {},
  perSecond = 2000,
  settings = {},
  ...wishes
}: Wishes = {}): Promise<Line> {
  let answer: RequestListener = (_req, res) => res.end();
  const server = createServer((req, res) => answer(req, res));
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standin = await startStandin({ token: TOKEN, knobs });
  const twilio = { TWILIO_API_URL: standin.url, TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: TOKEN };
  const portal = await makeApp({ PUBLIC_URL: url, ...twilio, TWILIO_FROM: FROM, ...settings });
  answer = portal.app;
  open.push(async () => {
    server.close();
    server.closeAllConnections();
    await standin.close();
    await portal.close();
  });
  const shop = await shopIn(portal, wishes);
  await addSender(shop, FROM, perSecond);
  await shop.inside((db) => planTo(db, shop.campaignId, phones(to), wishes.channel));
  const channels = await openChannels(portal.services.config);
  const never = new AbortController().signal;
  const tokenOf = (id: string, company = shop.company) => deliveryToken(SECRET, company.id, id);
  return {
    ...shop,
    standin,
    channels,
    url,
    tokenOf,
    work: (effort = {}, signal = never) =>
      send(portal.services, channels, shop.company, shop.campaignId, signal, { patienceSeconds: 2, ...effort }),
    reached: () => reachedBy(standin),
    write: (from, body, { to: sender = FROM, sid = `SM${newId().replaceAll('-', '')}` } = {}) =>
      standin.write(`${url}/webhooks/twilio/inbound`, { from, to: sender, body, sid }),
    tell: async (id, fields, by = {}) => {
      const address = `${url}/webhooks/twilio/status?d=${by.token ?? tokenOf(id, by.company)}`;
      return post(address, fields, by.signature ?? twilioSignature(TOKEN, address, new URLSearchParams(fields)));
    },
  };
}

export async function closeLines(): Promise<void> {
  for (const close of open.splice(0)) await close();
}

export async function post(
  address: string,
  fields: Record<string, string> | [string, string][],
  signature: string | null,
) {
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (signature !== null) headers['X-Twilio-Signature'] = signature;
  const body = new URLSearchParams(fields).toString();
  const response = await fetch(address, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.status;
}

export const status = (sid: string, word: string, more: Record<string, string> = {}) => ({
  MessageSid: sid,
  MessageStatus: word,
  ...more,
});

export const suppressions = ({ portal, company }: Pick<Line, 'portal' | 'company'>, address: string) =>
  rows<{ reason: string; hint: string }>(
    portal,
    sql`select reason, hint from suppression where company_id = ${company.id}::uuid and address_key = ${keyOfPhone(address)}`,
  );

export const inbounds = ({ portal, company }: Pick<Line, 'portal' | 'company'>) =>
  rows<{ kind: string }>(portal, sql`select kind from inbound where company_id = ${company.id}::uuid order by at`);

export interface MessageRow {
  external_id: string;
  thread: string;
  direction: string;
  channel: string;
  text: string;
  customer_id: string | null;
}

export const messages = ({ portal, company }: Pick<Line, 'portal' | 'company'>) =>
  rows<MessageRow>(
    portal,
    sql`select a.external_id, m.thread, m.direction, m.channel, m.text, a.customer_id
        from message m join arrival a on a.company_id = m.company_id and a.id = m.id
        where m.company_id = ${company.id}::uuid order by a.at, a.id`,
  );
