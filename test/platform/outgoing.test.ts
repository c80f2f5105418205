import { once } from 'node:events';
import { createServer as plainServer, type Server } from 'node:http';
import { createServer as tlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DEFAULT_MIN_VERSION } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openBucket, readBucket } from '../../src/platform/bucket.ts';
import { openChannels } from '../../src/platform/channels.ts';
import { readConfig } from '../../src/platform/config.ts';
import { openFolder } from '../../src/platform/folder.ts';
import { openMailer } from '../../src/platform/mail.ts';
import { SELF_SIGNED } from '../setup/self-signed.ts';

// Whom the portal calls, it calls where it was told to, and nobody who only claims to be that.

const asked: string[] = [];
let unknown: Server;
let redirecting: Server;
beforeAll(async () => {
  unknown = tlsServer(SELF_SIGNED, (req, res) => {
    asked.push(`unknown ${req.url}`);
    res.end('{"id":"x","sid":"SM1"}');
  });
  redirecting = plainServer((req, res) => {
    asked.push(`first ${req.url}`);
    if (req.url?.includes('elsewhere')) return void res.end('{"id":"x","sid":"SM1"}');
    res.writeHead(307, { Location: '/elsewhere' }).end();
  });
  for (const server of [unknown, redirecting]) await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  for (const server of [unknown, redirecting]) {
    server.close();
    server.closeAllConnections();
  }
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const message = { to: '+380671234567', text: 'hello', from: '+15005550006' };

const channelsAt = (address: string) =>
  openChannels(
    readConfig({
      VIBER_API_URL: address,
      VIBER_TOKEN: 'secret',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'secret',
      TWILIO_FROM: '+15005550006',
      TWILIO_API_URL: address,
    }),
  );
const bucketAt = (address: string) =>
  openBucket(readBucket(address.replace('://', '://key:secret@')), openFolder('/nowhere'));

describe('a server with a certificate that nobody vouches for', () => {
  const address = () => `https://localhost:${portOf(unknown)}`;

  test('is handed no message', async () => {
    const { sms, viber } = await channelsAt(address());
    expect((await sms?.send(message))?.outcome).not.toBe('accepted');
    expect((await viber?.send(message))?.outcome).not.toBe('accepted');
    expect(asked.filter((each) => each.startsWith('unknown'))).toEqual([]);
  });

  test('is handed no file, and none is taken from it', async () => {
    await expect(bucketAt(`${address()}/bucket`).open('exports/x.csv')).rejects.toThrow(/self-signed|certificate/);
    expect(asked.filter((each) => each.startsWith('unknown'))).toEqual([]);
  });

  test('is handed no letter', async () => {
    const mailer = openMailer({ smtpUrl: `smtps://localhost:${portOf(unknown)}`, mailFrom: 'a@example.com' });
    const sent = await mailer?.send({ to: 'b@example.com', subject: 'x', text: 'x', messageId: '<x@example.com>' });
    mailer?.close();
    expect(sent).toMatchObject({ outcome: 'later', reason: expect.stringMatching(/self-signed|certificate/) });
  });

  test('nor is an old TLS spoken with anybody', () => {
    expect(['TLSv1.2', 'TLSv1.3']).toContain(DEFAULT_MIN_VERSION);
  });
});

describe('an answer that leads elsewhere', () => {
  test('is not followed, with a message or a file', async () => {
    const address = `http://localhost:${portOf(redirecting)}`;
    const { sms, viber } = await channelsAt(address);
    expect((await sms?.send(message))?.outcome).not.toBe('accepted');
    expect((await viber?.send(message))?.outcome).not.toBe('accepted');
    await expect(bucketAt(`${address}/bucket`).open('exports/x.csv')).rejects.toThrow('307');
    expect(asked.filter((each) => each.startsWith('first')).length).toBeGreaterThanOrEqual(3);
    expect(asked.filter((each) => each.includes('elsewhere'))).toEqual([]);
  });
});
