import type { Counts, DeliveryRow } from '../../ledger/ledger.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow } from '../draft/draft.ts';
import type { Spent } from '../draft/sql.ts';
import { type CountsModel, countsModel, SHOWN_KEYS, type Shown, sumOf } from './counts-view.ts';
import { channelText, type DeliveryModel, deliveryModel } from './delivery-view.ts';
import { moneyOf } from './money-view.ts';
import { reasonText } from './reason-view.ts';
import { hasEnded, stateModel } from './state-view.ts';
import { titleOf } from './title-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/show': ProgressModel;
  }
}

interface ProgressModel {
  title: string;
  path: string;
  /** of this very page, to look again */
  here: string;
  state: string;
  pill: string;
  about: string;
  /** why it stands still, what it waits for, and what reaches nobody */
  notes: string[];
  counts: CountsModel;
  figures: { key: Shown; label: string; value: string; path: string; current: boolean; some: boolean }[];
  everything: { path: string; current: boolean };
  reasons: { title: string; rows: { text: string; count: string }[] }[];
  body: string;
  facts: { label: string; value: string }[];
  /** how often the page looks again by itself; null: nothing more will happen */
  again: '2s' | '10s' | null;
  canPause: boolean;
  canResume: boolean;
  cancel: string | null;
  canCopy: boolean;
  report: { csv: string; xlsx: string } | null;
  deliveries: DeliveryModel[];
  older: string | null;
  newest: string | null;
}

interface Loaded {
  /** until when it is quiet; null: it is not */
  quiet: Date | null;
  counts: Counts;
  spent: Spent;
  page: { deliveries: readonly DeliveryRow[]; more: boolean };
  reasons: Record<'skipped' | 'failed', readonly { reason: string | null; count: number }[]>;
  /** of a campaign: whom it went to, in words */
  whom: string | null;
  shown: Shown | null;
  before: string | null;
}

export function progressModel(ctx: CompanyContext, row: CampaignRow, loaded: Loaded): ProgressModel {
  const { t, format } = ctx;
  const { counts, shown, page, before } = loaded;
  const path = `/sms/${row.id}`;
  const to = (kind: Shown | null, from: string | null = null) => {
    const query = new URLSearchParams({ ...(kind ? { show: kind } : {}), ...(from ? { before: from } : {}) });
    return query.size > 0 ? `${path}?${query}` : path;
  };
  const canSend = ctx.may('campaigns:send');
  const ended = hasEnded(row);
  const waits = row.state === 'sending' && loaded.spent.next_at !== null ? loaded.quiet : null;
  // What is kept in the outbox has had its last word.
  const sent = sumOf(counts, 'sent') - Number(loaded.spent.kept);
  const open = sumOf(counts, 'planned') + sent + sumOf(counts, 'unknown') > 0;
  const last = page.deliveries.at(-1);
  return {
    title: titleOf(ctx, row),
    path,
    here: to(shown, before),
    ...stateModel(ctx, row),
    about: about(ctx, row),
    notes: notes(ctx, row, loaded, waits),
    counts: countsModel(ctx, counts),
    figures: SHOWN_KEYS.map((kind) => ({
      key: kind,
      label: t(`sms.show.${kind}`),
      value: format.number(sumOf(counts, kind)),
      path: to(kind),
      current: kind === shown,
      some: sumOf(counts, kind) > 0 || kind === shown,
    })),
    everything: { path: to(null), current: shown === null },
    reasons: (['skipped', 'failed'] as const)
      .map((kind) => ({
        title: t(`sms.show.why.${kind}`),
        rows: loaded.reasons[kind].map(({ reason, count }) => ({
          text: reasonText(ctx, reason),
          count: format.number(count),
        })),
      }))
      .filter(({ rows }) => rows.length > 0),
    body: row.body,
    facts: facts(ctx, row, loaded),
    again: row.state === 'sending' && !waits ? '2s' : open || !ended ? '10s' : null,
    canPause: canSend && ['scheduled', 'sending'].includes(row.state),
    canResume: canSend && row.state === 'paused',
    cancel: canSend && !ended ? `${path}/cancellation` : null,
    canCopy: canSend && row.kind === 'group',
    report: ctx.may('exports:create')
      ? { csv: `${path}/report/file?format=csv`, xlsx: `${path}/report/file?format=xlsx` }
      : null,
    deliveries: page.deliveries.map((delivery) => deliveryModel(ctx, delivery)),
    older: page.more && last ? to(shown, last.id) : null,
    newest: before ? to(shown) : null,
  };
}

function about({ t, format }: CompanyContext, row: CampaignRow): string {
  const at = format.dateTime(row.launched_at ?? row.created_at);
  return row.launcher === null ? t('sms.list.launched', { at }) : t('sms.list.launchedBy', { name: row.launcher, at });
}

function notes(ctx: CompanyContext, row: CampaignRow, { spent }: Loaded, waits: Date | null): string[] {
  const { t, format } = ctx;
  const still = stillBecause(ctx, row, spent, waits);
  const values = {
    count: Number(spent.kept),
    shown: format.number(spent.kept),
    channel: t(`sms.channel.${row.channel}`),
  };
  return [...(still ? [still] : []), ...(spent.kept > 0n ? [t('sms.show.kept', values)] : [])];
}

function stillBecause({ t, format, now }: CompanyContext, row: CampaignRow, spent: Spent, waits: Date | null) {
  if (row.state === 'paused') return t(`sms.show.pausedBecause.${row.paused_because ?? 'person'}`);
  if (waits) return t('sms.draft.waits', { at: format.dateTime(waits) });
  if (row.state === 'sending' && spent.retry_at && spent.retry_at > now)
    return t('sms.show.unreachable', { at: format.dateTime(spent.retry_at) });
  if (row.state !== 'scheduled' || !row.scheduled_at || row.scheduled_at <= now) return null;
  return t('sms.show.scheduled', { at: format.dateTime(row.scheduled_at) });
}

function facts(ctx: CompanyContext, row: CampaignRow, { spent, whom }: Loaded): ProgressModel['facts'] {
  const { t, format } = ctx;
  const fact = (key: string, value: string | null) =>
    value === null ? [] : [{ label: t(`sms.show.fact.${key}`), value }];
  const unpriced = Number(spent.unpriced);
  const cost = moneyOf(ctx, spent.micros);
  return [
    ...fact('whom', whom),
    ...fact('channel', channelText(ctx, row)),
    ...fact('sender', row.sender),
    ...fact('parts', format.number(spent.parts)),
    ...fact(
      'cost',
      unpriced > 0 ? t('sms.show.costAtLeast', { cost, count: unpriced, shown: format.number(unpriced) }) : cost,
    ),
    ...fact('scheduled', row.scheduled_at && format.dateTime(row.scheduled_at)),
    ...fact('expires', row.expires_at && format.dateTime(row.expires_at)),
    ...fact('finished', row.finished_at && format.dateTime(row.finished_at)),
  ];
}
