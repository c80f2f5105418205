import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import * as sql from '../../src/ops/sql.ts';
import * as outbox from '../../src/outbox/outbox.ts';
import { sql as bound } from '../../src/platform/db.ts';
import type { Limit } from '../../src/platform/limiter.ts';
import { rootPath } from '../../src/platform/root.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp } from '../make.ts';
import { wholeNames } from '../setup/plans.ts';

let portal: TestApp;
let text: string;
beforeAll(async () => {
  portal = await makeApp();
  const company = await makeCompany(portal);
  const user = await makeUser(portal, { company });
  await signIn(portal, user);
  const { tenancy, services, database } = portal;
  await tenancy.inPortal(async (db) => {
    await outbox.post(db, { to: 'somebody@example.com', subject: 'Hello', text: 'Hello' });
    await enqueue(db, 'outbox.clear', {}, new Date(Date.now() + 3_600_000));
  });
  await tenancy.inCompany(company, (db) => outbox.postSms(db, { to: '+380671234567', text: 'Hello' }));
  await database.prisma.$executeRaw(bound`update outbox set state = 'failed' where channel = 'sms'`);
  await database.prisma.$executeRaw(
    bound`update job set due_at = now() - interval '90 seconds' where name = 'mail.send'`,
  );
  const once: Limit = { name: 'once', points: 1, seconds: 60 };
  for (let n = 0; n < 2; n++) await services.limiter.take(once, 'somebody');
  mkdirSync(services.config.dataDir, { recursive: true });
  writeFileSync(join(services.config.dataDir, 'backup-done'), '');
  await portal.runJobs();
  await tenancy.inPortal((db) => enqueue(db, 'password.letter', { email: 'somebody@example.com' }));
  text = await scrape();
});
afterAll(() => portal.close());

const scrape = async () => (await request(portal.app).get('/metrics')).text;

/** The value of the first line with these labels; undefined: there is none. */
function value(name: string, labels: Record<string, string> = {}): number | undefined {
  const line = text.split('\n').find((each) => {
    if (!new RegExp(`^${name}(?:\\{| )`).test(each)) return false;
    return Object.entries(labels).every(([label, wanted]) => each.includes(`${label}="${wanted}"`));
  });
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

describe('/metrics', () => {
  test('says what is left to do, for how long, and what came of what was done', () => {
    expect(value('clientele_jobs', { name: 'password.letter', state: 'waiting' })).toBe(1);
    expect(value('clientele_jobs', { name: 'outbox.clear', state: 'scheduled' })).toBe(1);
    expect(value('clientele_job_oldest_seconds', { name: 'password.letter' })).toBeGreaterThanOrEqual(0);
    expect(value('clientele_job_seconds_count', { name: 'mail.send', outcome: 'done' })).toBe(1);
  });

  test('says what was not sent, whom a limit has met, and how old the backup is', () => {
    expect(value('clientele_letters', { channel: 'sms', state: 'failed' })).toBe(1);
    expect(value('clientele_letters', { channel: 'email', state: 'waiting' })).toBe(0);
    expect(value('clientele_throttled_total', { limit: 'once' })).toBe(1);
    expect(value('clientele_backup_age_seconds')).toBeLessThan(3600);
  });

  test('says whether it works, who is there, and what connections and disk have left', () => {
    expect([value('clientele_ready', { part: 'database' }), value('clientele_leaving')]).toEqual([1, 0]);
    expect(value('clientele_sessions', { kind: 'active' })).toBe(1);
    expect(value('clientele_pool_most', { pool: 'work' })).toBeGreaterThan(0);
    expect(value('clientele_database_connections')).toBeGreaterThan(0);
    expect(value('clientele_disk_bytes', { kind: 'free' })).toBeGreaterThan(0);
  });

  test('names nobody: no figure has a label that belongs to a company or a person', () => {
    const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label));
    const known =
      'channel kind le limit method name outcome part pool quantile route space state status type version major minor patch';
    expect([...labels].filter((label) => !known.split(' ').includes(label ?? ''))).toEqual([]);
  });

  test('each figure finds what it counts by an index of what is not over', async () => {
    const found = await portal.database.prisma.$transaction(async (tx) => {
      await tx.$executeRaw(bound`set local enable_seqscan = off`);
      const rows = await tx.$queryRaw<{ 'QUERY PLAN': string }[]>(bound`explain ${sql.open()}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    const plan = await wholeNames(portal.database.pool, found);
    expect(plan).not.toContain('Seq Scan');
    for (const index of ['outbox_unsent', 'delivery_unknown', 'import_open', 'export_open', 'campaign_open'])
      expect(plan).toContain(index);
  });
});

// Prometheus's own.
const FOREIGN = ['up'];
const WORDS = /\b(?:by|le|and|or|on|absent|sum|max|min|rate|delta|time|topk|histogram_quantile|label_values)\b/g;

/** The names of all metrics that an expression asks for. */
function namesIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/by \([^)]*\)/g, '')
    .replaceAll(WORDS, '');
  return bare.match(/[a-z_][a-z0-9_]*(?:_[a-z0-9]+)*/g)?.filter((word) => word.length > 1 && word !== 'job') ?? [];
}

/** What `# TYPE` lines promise, with the series that a histogram has. */
function known(): Set<string> {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
    ),
  );
}

const unknown = (expressions: readonly string[]) =>
  [...new Set(expressions.flatMap(namesIn))].filter((name) => !known().has(name) && !FOREIGN.includes(name));

describe('ops/', () => {
  const panel = z.looseObject({
    id: z.number(),
    title: z.string(),
    type: z.enum(['row', 'stat', 'timeseries']),
    gridPos: z.object({ x: z.number().max(23), y: z.number(), w: z.number().max(24), h: z.number() }),
    targets: z.array(z.looseObject({ refId: z.string(), expr: z.string().min(1) })).default([]),
  });
  const dashboard = z.looseObject({
    uid: z.literal('clientele'),
    title: z.string(),
    schemaVersion: z.number().min(38),
    templating: z.object({ list: z.array(z.looseObject({ name: z.string() })) }),
    annotations: z.object({ list: z.array(z.looseObject({ expr: z.string().optional() })) }),
    panels: z.array(panel),
  });

  test('grafana.json: every panel asks for metrics that exist, and none lies on another', () => {
    const { panels, annotations } = dashboard.parse(JSON.parse(readFileSync(rootPath('ops', 'grafana.json'), 'utf8')));
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(unknown([...asked, ...annotations.list.flatMap(({ expr }) => expr ?? [])])).toEqual([]);
    expect(panels.filter(({ type, targets }) => (type === 'row') !== (targets.length === 0))).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  const rule = z.strictObject({
    alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
    expr: z.string(),
    for: z.string().regex(/^\d+[smh]$/),
    labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
    annotations: z.strictObject({ summary: z.string().endsWith('.'), action: z.string().endsWith('.') }),
  });
  const rules = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) });

  test('alerts.yaml: every rule asks for metrics that exist, says what to do, and is told of in docs/operations.md', () => {
    const { load } = createRequire(import.meta.url)('js-yaml') as { load(yaml: string): unknown };
    const { groups } = rules.parse(load(readFileSync(rootPath('ops', 'alerts.yaml'), 'utf8')));
    const all = groups.flatMap((group) => group.rules);
    expect(unknown(all.map(({ expr }) => expr))).toEqual([]);
    const page = readFileSync(rootPath('docs', 'operations.md'), 'utf8');
    expect(all.map(({ alert }) => alert).filter((name) => !page.includes(`### ${name}\n`))).toEqual([]);
    expect(new Set(all.map(({ alert }) => alert)).size).toBe(all.length);
  });
});
