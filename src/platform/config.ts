import { resolve } from 'node:path';
import express from 'express';
import { z } from 'zod';
import { channelOf, channelVariables, missingForChannels } from './channels-config.ts';
import { missingForTwilio, twilioOf, twilioVariables } from './twilio-config.ts';

/** A wrong or missing setting. The message is one line for the person at the terminal: name it, print it, exit 1. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Config = ReturnType<typeof toConfig>;

/** Reads the settings from environment variables. An empty variable counts as unset. Throws `ConfigError`. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const production = given.NODE_ENV === 'production';
  const parsed = (production ? productionVariables : variables).safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(complaint).join('; '));
  const half = missingForTwilio(parsed.data) ?? missingForChannels(parsed.data, twilioOf(parsed.data) !== null);
  if (half) throw new ConfigError(half);
  return toConfig(parsed.data, production);
}

function complaint(issue: z.core.$ZodIssue): string {
  const variable = issue.path.join('.');
  return issue.code === 'invalid_type'
    ? `${variable} is not set: ${wanted(variable)}`
    : `${variable}: ${issue.message}`;
}

function wanted(variable: string): string {
  return variable === 'SESSION_SECRET' || variable === 'PHONE_KEY' ? SECRET : 'it needs a value';
}

function toConfig(given: z.infer<typeof variables>, production: boolean) {
  const publicUrl = given.PUBLIC_URL ?? `http://localhost:${given.PORT}`;
  return {
    production,
    port: given.PORT,
    publicUrl,
    dataDir: resolve(given.DATA_DIR),
    databaseUrl: given.DATABASE_URL,
    redisUrl: given.REDIS_URL,
    smtpUrl: given.SMTP_URL,
    mailFrom: given.MAIL_FROM ?? `Clientele <no-reply@${new URL(publicUrl).hostname}>`,
    twilio: twilioOf(given),
    viber: channelOf(given, 'VIBER'),
    messenger: channelOf(given, 'MESSENGER'),
    sessionSecret: given.SESSION_SECRET,
    earlierSessionSecret: given.EARLIER_SESSION_SECRET,
    phoneKey: given.PHONE_KEY,
    s3Url: given.S3_URL,
    metricsToken: given.METRICS_TOKEN,
    metricsPort: given.METRICS_PORT,
    trustProxy: given.TRUST_PROXY,
    demo: given.DEMO,
    graceSeconds: given.GRACE_SECONDS ?? (production ? 5 : 0),
  };
}

const SECRET = 'it needs a secret of at least 16 characters, the same for every process';

const port = z
  .string()
  .transform(Number)
  .refine((number) => Number.isInteger(number) && number > 0 && number < 65536, 'wanted is a port, 1 to 65535');

const variables = z.object({
  PORT: port.default(3000),
  PUBLIC_URL: address(['http:', 'https:'], 'wanted is an address without a path, such as https://clients.example.com')
    .refine(isBare, 'wanted is an address without a path, such as https://clients.example.com')
    .transform((url) => new URL(url).origin)
    .optional(),
  DATA_DIR: z.string().default('./.data'),
  DATABASE_URL: address(
    ['postgres:', 'postgresql:'],
    'wanted is the address of a PostgreSQL database, postgresql://user:password@host:5432/name',
  ).optional(),
  REDIS_URL: address(['redis:', 'rediss:'], 'wanted is the address of a Redis or Valkey, redis://host:6379').optional(),
  SMTP_URL: address(
    ['smtp:', 'smtps:'],
    'wanted is the address of a mail server, smtp://user:password@host:587',
  ).optional(),
  MAIL_FROM: z.string().includes('@', 'wanted is a sender, such as Clientele <no-reply@example.com>').optional(),
  ...twilioVariables,
  ...channelVariables,
  S3_URL: z
    .string()
    .refine(isBucket, 'wanted is a bucket with its key, https://key:secret@host/bucket?region=eu-central-1')
    .optional(),
  SESSION_SECRET: z.string().min(16, SECRET).optional(),
  EARLIER_SESSION_SECRET: z.string().min(16, 'wanted is what SESSION_SECRET was before').optional(),
  PHONE_KEY: z.string().min(16, SECRET).optional(),
  METRICS_TOKEN: z.string().optional(),
  METRICS_PORT: port.optional(),
  TRUST_PROXY: z
    .string()
    .transform(trustProxy)
    .refine(isTrustProxy, 'wanted is a number of proxies, true, false, or addresses such as loopback, 10.0.0.0/8')
    .default(false),
  DEMO: z
    .enum(['0', '1'], 'wanted is 1 (make a demo marketplace) or 0 (start empty)')
    .transform((demo) => demo === '1')
    .optional(),
  GRACE_SECONDS: z
    .string()
    .transform(Number)
    .refine((seconds) => Number.isInteger(seconds) && seconds >= 0 && seconds <= 300, 'wanted are seconds, 0 to 300')
    .optional(),
});

// Shared tables are keyed by PHONE_KEY and cookies are signed with SESSION_SECRET: a generated one would differ between
// the machines of one portal, and would be lost with a container.
const productionVariables = variables.required({ SESSION_SECRET: true, PHONE_KEY: true });

function address(protocols: string[], message: string) {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), message);
}

function isBucket(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['s3:', 'https:', 'http:'].includes(protocol) && username !== '' && password !== '';
}

function isBare(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
}

/** Express's own meaning: a number of hops, true or false, or a list of addresses. */
function trustProxy(text: string): boolean | number | string {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}

function isTrustProxy(wanted: boolean | number | string): boolean {
  try {
    express().set('trust proxy', wanted);
    return true;
  } catch {
    return false;
  }
}
