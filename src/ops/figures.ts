import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '../platform/log.ts';
import type { Services } from '../web/services.ts';
import * as gauges from './gauges.ts';
import * as sql from './sql.ts';

// Two that scrape side by side, or one that scrapes often, cost the database no more than one.
const FRESH = 5_000;
const PATIENCE = 3_000;

let asked: { at: number; done: Promise<void>; of: Services } | null = null;

/** Asks database and disk anew, unless that was done within five seconds. What cannot be had is left out; never throws. */
export function refresh(services: Services): Promise<void> {
  if (asked && asked.of === services && Date.now() - asked.at < FRESH) return asked.done;
  const done = Promise.all([askDatabase(services), askDisk(services)]).then(() => undefined);
  asked = { at: Date.now(), done, of: services };
  return done;
}

interface JobsRow {
  name: string;
  state: string;
  count: number;
  oldest: number;
}

interface OpenRow {
  what: keyof typeof gauges.open;
  kind: string;
  state: string;
  count: number;
}

async function askDatabase({ tenancy }: Services): Promise<void> {
  for (const gauge of [gauges.jobs, gauges.oldest, gauges.sessions]) gauge.reset();
  for (const gauge of Object.values(gauges.open)) gauge.reset();
  try {
    await tenancy.inPortal(async (db) => {
      await db.query(sql.inTime(PATIENCE));
      showJobs(await db.query<JobsRow>(sql.jobs()));
      showOpen(await db.query<OpenRow>(sql.open()));
      const [restored] = await db.query<{ held: boolean }>(sql.held());
      gauges.held.set(Number(restored?.held ?? false));
      const [people] = await db.query<{ signed_in: number; active: number }>(sql.people());
      gauges.sessions.set({ kind: 'signed_in' }, people?.signed_in ?? 0);
      gauges.sessions.set({ kind: 'active' }, people?.active ?? 0);
      const [server] = await db.query<Record<keyof typeof gauges.database, number>>(sql.database());
      for (const [name, gauge] of Object.entries(gauges.database))
        gauge.set(server?.[name as keyof typeof gauges.database] ?? 0);
    });
  } catch (error) {
    log.warn({ err: error }, 'the figures of the portal could not be had');
  }
}

function showJobs(rows: readonly JobsRow[]): void {
  for (const { name, state, count, oldest } of rows) {
    gauges.jobs.set({ name, state }, count);
    if (state === 'waiting' || state === 'lapsed') gauges.oldest.set({ name }, oldest);
  }
}

/** Where there is nothing the figure is 0, and not missing: a graph that ends looks like a portal that has ended. */
function showOpen(rows: readonly OpenRow[]): void {
  for (const channel of ['email', 'sms'])
    for (const state of ['waiting', 'failed']) gauges.open.letters.set({ channel, state }, 0);
  gauges.open.unknown.set({ channel: 'sms' }, 0);
  for (const state of ['queued', 'running'])
    for (const gauge of [gauges.open.imports, gauges.open.exports]) gauge.set({ state }, 0);
  gauges.open.campaigns.set({ state: 'sending' }, 0);
  for (const { what, kind, state, count } of rows) {
    if (what === 'letters') gauges.open.letters.set({ channel: kind, state }, count);
    else if (what === 'unknown') gauges.open.unknown.set({ channel: kind }, count);
    else gauges.open[what].set({ state }, count);
  }
}

async function askDisk({ config }: Services): Promise<void> {
  const [space, backup] = await Promise.all([
    statfs(config.dataDir).catch(() => null),
    stat(join(config.dataDir, 'backup-done')).catch(() => null),
  ]);
  gauges.disk.reset();
  gauges.backup.remove();
  if (space) {
    gauges.disk.set({ kind: 'free' }, space.bavail * space.bsize);
    gauges.disk.set({ kind: 'total' }, space.blocks * space.bsize);
  }
  if (backup) gauges.backup.set((Date.now() - backup.mtimeMs) / 1000);
}
