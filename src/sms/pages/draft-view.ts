import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Refusal } from '../../web/form.ts';
import type { CampaignRow } from '../draft/draft.ts';
import { TESTS_A_DAY } from '../draft/single.ts';
import type { Budget } from '../launch/budget.ts';
import type { DryRun, Price } from '../launch/dry-run.ts';
import { keptNote } from './channel-view.ts';
import { costModel } from './cost-view.ts';
import { channelText } from './delivery-view.ts';
import { moneyOf, partPriceOf } from './money-view.ts';
import { partsText } from './parts-view.ts';
import { reasonText } from './reason-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/draft': DraftModel;
  }
}

interface DraftModel {
  title: string;
  path: string;
  body: string;
  facts: { label: string; value: string }[];
  /** why there is nothing to look at; null: there is */
  problem: string | null;
  /** why the launch was refused; null: it was not tried */
  refused: string | null;
  run: RunModel | null;
  canSend: boolean;
  test: { number: string; error: string | null; most: number };
}

interface RunModel {
  figures: { label: string; value: string; hint: string | null; path: string | null }[];
  skipped: { text: string; count: string; path: string }[];
  /** what one should know before launching */
  notes: string[];
  times: { label: string; value: string }[];
  prices: { country: string; parts: string; price: string; cost: string }[];
  sample: { name: string; path: string; phone: string; body: string; parts: string }[];
  /** who gets it, all of them */
  all: string;
  /** where the last question is asked; null: it cannot be launched */
  launch: string | null;
}

interface Loaded {
  run: DryRun | null;
  problem: string | null;
  whom: string;
  /** where the last test went to */
  number: string | null;
  refusal: Refusal;
}

export function draftModel(ctx: CompanyContext, row: CampaignRow, loaded: Loaded): DraftModel {
  const { t } = ctx;
  const { run, problem, number, refusal } = loaded;
  return {
    title: row.name,
    path: `/sms/${row.id}`,
    body: row.body,
    facts: facts(ctx, row, loaded.whom),
    problem: problem && t(problem),
    refused: refusal.errors.launch ?? null,
    run: run && runModel(ctx, row, run),
    canSend: ctx.may('campaigns:send'),
    test: { number: refusal.values.number ?? number ?? '', error: refusal.errors.number ?? null, most: TESTS_A_DAY },
  };
}

function facts(ctx: CompanyContext, row: CampaignRow, whom: string): DraftModel['facts'] {
  const { t, format } = ctx;
  const fact = (key: string, value: string | null) =>
    value === null ? [] : [{ label: t(`sms.show.fact.${key}`), value }];
  return [
    ...fact('whom', whom),
    ...fact('channel', channelText(ctx, row)),
    ...fact('sender', row.sender),
    ...fact('scheduled', row.scheduled_at && format.dateTime(row.scheduled_at)),
    ...fact('expires', row.expires_at && format.dateTime(row.expires_at)),
  ];
}

function runModel(ctx: CompanyContext, row: CampaignRow, run: DryRun): RunModel {
  const { format } = ctx;
  const path = `/sms/${row.id}`;
  const skipped = Object.entries(run.skipped).sort(([, one], [, other]) => other - one);
  const affordable = run.budget === null || run.ceilingMicros <= run.budget.leftMicros;
  const expired = expiredNote(ctx, row, run);
  const launchable = ctx.may('campaigns:send') && run.recipients > 0 && affordable && expired === null;
  return {
    figures: figures(ctx, row, run),
    skipped: skipped.map(([reason, count]) => ({
      text: reasonText(ctx, reason),
      count: format.number(count),
      path: `${path}/recipients?reason=${reason}`,
    })),
    notes: [...(expired ? [expired] : []), ...notes(ctx, row, run, affordable)],
    times: times(ctx, row, run),
    prices: [...run.prices.map((price) => priceModel(ctx, price)), ...fallbackPrice(ctx, row, run)],
    sample: run.sample.map(({ customerId, name, address, body, parts }) => ({
      name: name || formatPhone(address),
      path: `/customers/${customerId}`,
      phone: formatPhone(address),
      body,
      parts: partsText(ctx, row.channel, parts),
    })),
    all: `${path}/recipients`,
    launch: launchable ? `${path}/launch?seen=${run.seen}` : null,
  };
}

/** Nobody gets what goes stale before the first one may leave: in quiet hours, or before its own time. */
function expiredNote({ t, format, now }: CompanyContext, { expires_at: at }: CampaignRow, run: DryRun): string | null {
  const starts = run.startsAt ?? now;
  return at && at <= starts
    ? t('sms.draft.expired', { at: format.dateTime(at), starts: format.dateTime(starts) })
    : null;
}

function figures(ctx: CompanyContext, row: CampaignRow, run: DryRun): RunModel['figures'] {
  const { t, format } = ctx;
  const path = `/sms/${row.id}`;
  const cost = costModel(ctx, row, run.ceilingMicros, isUnpriced(run));
  const skipped = run.customers - run.recipients;
  const lengths = run.lengths.map(({ parts, recipients }) =>
    t('sms.draft.length', { count: recipients, shown: format.number(recipients), parts }),
  );
  return [
    { label: t('sms.draft.recipients'), value: format.number(run.recipients), hint: null, path: `${path}/recipients` },
    { label: t('sms.draft.skipped'), value: format.number(skipped), hint: null, path: skipped > 0 ? '#skipped' : null },
    ...(row.channel === 'sms'
      ? [{ label: t('sms.draft.parts'), value: format.number(run.parts), hint: lengths.join(', ') || null, path: null }]
      : []),
    { label: t('sms.draft.cost'), value: cost.value, hint: cost.hint ?? costHint(ctx, run), path: null },
  ];
}

const isUnpriced = ({ recipients, unknownPrice }: DryRun) => recipients > 0 && unknownPrice === recipients;

function costHint(ctx: CompanyContext, { unknownPrice, recipients }: DryRun): string | null {
  if (unknownPrice === 0 || unknownPrice === recipients) return null;
  return ctx.t('sms.draft.unpriced', { count: unknownPrice, shown: ctx.format.number(unknownPrice) });
}

function notes(ctx: CompanyContext, row: CampaignRow, run: DryRun, affordable: boolean): string[] {
  const { t, format } = ctx;
  const kept = keptNote(ctx, row.channel);
  return [
    ...(kept ? [kept] : []),
    ...(run.recipients === 0 ? [t('sms.draft.nobody')] : []),
    ...(run.unread ? [t('sms.draft.unread')] : []),
    ...(run.waitsUntil ? [t('sms.draft.waits', { at: format.dateTime(run.waitsUntil) })] : []),
    ...(row.channel === 'sms' && run.encodings.ucs2 > 0 && run.encodings.gsm > 0
      ? [t('sms.draft.mixed', { count: run.encodings.ucs2, shown: format.number(run.encodings.ucs2) })]
      : []),
    ...(affordable || !run.budget
      ? []
      : [
          t('sms.draft.overBudget', {
            cost: moneyOf(ctx, run.ceilingMicros),
            left: moneyOf(ctx, run.budget.leftMicros),
          }),
        ]),
  ];
}

function times(ctx: CompanyContext, row: CampaignRow, run: DryRun): RunModel['times'] {
  const { t, format } = ctx;
  const late = row.expires_at !== null && row.expires_at < run.lastLeavesAt;
  return [
    { label: t('sms.draft.starts'), value: run.startsAt ? format.dateTime(run.startsAt) : t('sms.draft.atOnce') },
    { label: t('sms.draft.lastLeaves'), value: format.dateTime(run.lastLeavesAt) },
    ...(late
      ? [
          {
            label: t('sms.show.fact.expires'),
            value: t('sms.draft.late', { at: format.dateTime(row.expires_at as Date) }),
          },
        ]
      : []),
    ...(run.budget
      ? [
          {
            label: t('sms.draft.budgetLeft'),
            value: budgetText(ctx, run.budget),
          },
        ]
      : []),
  ];
}

function budgetText(ctx: CompanyContext, { limitMicros, spentMicros, reservedMicros, leftMicros }: Budget): string {
  const over = spentMicros + reservedMicros - limitMicros;
  const sums = { left: moneyOf(ctx, leftMicros), limit: moneyOf(ctx, limitMicros) };
  return over > 0n
    ? ctx.t('sms.draft.budgetOver', { ...sums, over: moneyOf(ctx, over) })
    : ctx.t('sms.draft.budget', sums);
}

function priceModel(
  ctx: CompanyContext,
  { country, parts, partMicros, costMicros }: Price,
): RunModel['prices'][number] {
  const { t, format, locale } = ctx;
  return {
    country: country === null ? t('sms.draft.noCountry') : countryName(country, locale),
    parts: format.number(parts),
    price: partMicros === null ? t('sms.draft.noPrice') : partPriceOf(ctx, partMicros),
    cost: costMicros === null ? '' : moneyOf(ctx, costMicros),
  };
}

/** What the SMS would cost that go to whom the channel does not reach. */
function fallbackPrice(ctx: CompanyContext, row: CampaignRow, run: DryRun): RunModel['prices'] {
  if (!row.fallback || run.recipients === 0) return [];
  const { t } = ctx;
  const micros = run.prices.reduce((left, { costMicros }) => left - (costMicros ?? 0n), run.ceilingMicros);
  return [
    {
      country: t('sms.draft.fallback', { channel: t(`sms.channel.${row.channel}`) }),
      parts: '',
      price: '',
      cost: micros > 0n ? t('sms.draft.upTo', { cost: moneyOf(ctx, micros) }) : t('sms.draft.noPrice'),
    },
  ];
}

/** A number that belongs to no country (a satellite's) has a code of digits. */
function countryName(code: string, locale: string): string {
  return /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code) : code;
}
