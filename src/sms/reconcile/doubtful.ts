import * as ledger from '../../ledger/ledger.ts';
import type { Told } from '../../platform/sms.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { Company } from '../../tenancy/company.ts';
import { fateOf, take } from '../told.ts';
import { sourceOf } from './ask.ts';
import type { Round } from './round.ts';
import { takenOf } from './unknown.ts';

/**
 * After a restored backup: whatever was planned in it is looked for among what the provider made for the number. What it has is not sent
 * again; what it has not is due as it was. Where nobody can say, it is unknown, and not sent.
 */
export async function askDoubtful(round: Round, company: Company): Promise<void> {
  const { services, effort, channels } = round;
  const most = Math.ceil(effort.perSecond * effort.runSeconds);
  const rows = await services.tenancy.reading(company, (db) => ledger.doubtful(db, most));
  for (const group of byNumber(rows)) {
    const [first] = group;
    if (!first) continue;
    const source = sourceOf(round, first.channel);
    if (source === null) {
      await (channels[first.channel] === null ? go(round, company, group) : leave(round, company, group));
      continue;
    }
    if (!(await round.turn())) return;
    const since = new Date(Math.min(...group.map(({ createdAt }) => createdAt.getTime())) - MARGIN);
    try {
      const told = await source.provider.sentTo(source.addressOf(first.address), since);
      await settle(round, company, group, told);
    } catch (error) {
      round.failed(error);
    }
  }
}

// Clocks differ.
const MARGIN = 10 * 60_000;

function byNumber(rows: readonly ledger.Doubtful[]): ledger.Doubtful[][] {
  const groups = new Map<string, ledger.Doubtful[]>();
  for (const row of rows) {
    const number = `${row.channel} ${row.address}`;
    groups.set(number, [...(groups.get(number) ?? []), row]);
  }
  return [...groups.values()];
}

async function settle(
  round: Round,
  company: Company,
  group: readonly ledger.Doubtful[],
  told: readonly Told[],
): Promise<void> {
  const taken = await takenOf(round, told);
  const free = told.filter(({ sid }) => !taken.has(sid));
  const found: { row: ledger.Doubtful; one: Told }[] = [];
  for (const row of group) {
    const at = free.findIndex((one) => one.body.trim() === row.body.trim());
    const [one] = at < 0 ? [] : free.splice(at, 1);
    if (one) found.push({ row, one });
  }
  const called = new Set(found.map(({ row }) => row.id));
  const now = round.services.clock();
  await round.services.tenancy.inCompany(company, async (db) => {
    await ledger.calledBefore(
      db,
      found.map(({ row, one }) => ({ id: row.id, at: one.at })),
    );
    const news = found.flatMap(({ row: { id }, one: { sid, status, errorCode } }) => {
      const state = fateOf(status);
      return state ? [{ id, sid, state, errorCode, at: now }] : [];
    });
    await take(db, news);
    // Its worker has given it up until the doubts are gone: it may be over now.
    for (const campaignId of new Set(found.map(({ row }) => row.campaignId))) {
      await enqueue(db, 'campaign.send', { campaignId });
    }
  });
  await go(
    round,
    company,
    group.filter(({ id }) => !called.has(id)),
  );
}

/** It was certainly not sent. */
async function go({ services }: Round, company: Company, rows: readonly ledger.Doubtful[]): Promise<void> {
  if (rows.length === 0) return;
  await services.tenancy.inCompany(company, async (db) => {
    const campaigns = await ledger.clearDoubt(
      db,
      rows.map(({ id }) => id),
    );
    for (const campaignId of campaigns) await enqueue(db, 'campaign.send', { campaignId });
  });
}

/** Nobody can say. */
async function leave({ services }: Round, company: Company, rows: readonly ledger.Doubtful[]): Promise<void> {
  const called = rows.map(({ id, createdAt }) => ({ id, at: createdAt }));
  await services.tenancy.inCompany(company, async (db) => {
    await ledger.calledBefore(db, called);
    for (const campaignId of new Set(rows.map((row) => row.campaignId))) {
      await enqueue(db, 'campaign.send', { campaignId });
    }
  });
}
