import { describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../../src/platform/config.ts';

const SECRETS = { SESSION_SECRET: 'a-secret-of-32-characters-or-so', PHONE_KEY: 'another-secret-of-its-own-length' };

describe('settings', () => {
  test('nothing set: port 3000, everything else kept on this machine', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      production: false,
      port: 3000,
      publicUrl: 'http://localhost:3000',
      mailFrom: 'Clientele <no-reply@localhost>',
      trustProxy: false,
    });
    expect(config.dataDir).toBe(`${process.cwd()}/.data`);
    expect([config.databaseUrl, config.redisUrl, config.smtpUrl, config.demo]).toEqual(Array(4).fill(undefined));
  });

  test('links follow the port, and the sender the public address', () => {
    expect(readConfig({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
    const config = readConfig({ PUBLIC_URL: 'https://clients.example.com/' });
    expect(config.publicUrl).toBe('https://clients.example.com');
    expect(config.mailFrom).toBe('Clientele <no-reply@clients.example.com>');
  });

  test('an empty variable counts as unset', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', PUBLIC_URL: '' })).toEqual(readConfig({}));
  });

  test.each([
    ['PORT', '0', 'a port, 1 to 65535'],
    ['PORT', 'http', 'a port, 1 to 65535'],
    ['PORT', '70000', 'a port, 1 to 65535'],
    ['PUBLIC_URL', 'clients.example.com', 'an address without a path'],
    ['PUBLIC_URL', 'https://example.com/clients', 'an address without a path'],
    ['DATABASE_URL', 'mysql://localhost/clientele', 'postgresql://user:password@host:5432/name'],
    ['REDIS_URL', 'localhost:6379', 'redis://host:6379'],
    ['SMTP_URL', 'mail.example.com', 'smtp://user:password@host:587'],
    ['MAIL_FROM', 'nobody', 'Clientele <no-reply@example.com>'],
    ['S3_URL', 'https://host/bucket', 'wanted is a bucket with its key'],
    ['TRUST_PROXY', 'foo', 'a number of proxies, true, false, or addresses'],
    ['TRUST_PROXY', '10.0.0.0/99', 'a number of proxies, true, false, or addresses'],
    ['SESSION_SECRET', 'short', 'at least 16 characters'],
    ['PHONE_KEY', 'short', 'at least 16 characters'],
    ['DEMO', 'yes', '1 (make a demo marketplace) or 0'],
    ['METRICS_PORT', '0', 'a port, 1 to 65535'],
    ['GRACE_SECONDS', '-1', 'seconds, 0 to 300'],
  ])('%s=%s is refused in one line that says what is wanted', (variable, value, wanted) => {
    const refusal = refused({ [variable]: value });
    expect(refusal).toContain(`${variable}: `);
    expect(refusal).toContain(wanted);
    expect(refusal).not.toContain('\n');
  });

  test('several wrong values are named together', () => {
    expect(refused({ PORT: 'x', DEMO: 'x' })).toMatch(/PORT.*DEMO/);
  });

  test('production needs its secrets from outside, and names the missing ones', () => {
    const refusal = refused({ NODE_ENV: 'production' });
    expect(refusal).toContain('SESSION_SECRET is not set: it needs a secret');
    expect(refusal).toContain('PHONE_KEY is not set: it needs a secret');
    expect(readConfig({ NODE_ENV: 'production', ...SECRETS })).toMatchObject({ production: true });
  });

  test.each([
    ['1', 1],
    ['true', true],
    ['false', false],
    ['loopback, 10.0.0.0/8', 'loopback, 10.0.0.0/8'],
  ])('TRUST_PROXY=%s is what Express understands', (given, meant) => {
    expect(readConfig({ TRUST_PROXY: given }).trustProxy).toBe(meant);
  });

  test('DEMO says whether an empty database gets a demo marketplace', () => {
    expect(readConfig({ DEMO: '0' }).demo).toBe(false);
    expect(readConfig({ DEMO: '1' }).demo).toBe(true);
  });
});

function refused(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('not refused');
}

test('S3_URL reaches the file store', () => {
  const s3Url = 'https://key:secret@host/bucket';
  expect(readConfig({ S3_URL: s3Url }).s3Url).toBe(s3Url);
});
