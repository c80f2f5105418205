import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Refusal } from '../../web/form.ts';
import type { CampaignRow } from '../draft/draft.ts';
import { TESTS_A_DAY } from '../draft/single.ts';
import type { DryRun, Price } from '../launch/dry-run.ts';
import type { Seen } from '../launch/seen.ts';
import { channelText } from './delivery-view.ts';
import { moneyOf, partPriceOf } from './money-view.ts';
import { reasonText } from './reason-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/draft': DraftModel;
    'sms/launch': LaunchModel;
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
  const { format, t } = ctx;
  const path = `/sms/${row.id}`;
  const skipped = Object.entries(run.skipped).sort(([, one], [, other]) => other - one);
  const affordable = run.budget === null || run.ceilingMicros <= run.budget.leftMicros;
  const launchable = ctx.may('campaigns:send') && run.recipients > 0 && affordable;
  return {
    figures: figures(ctx, path, run),
    skipped: skipped.map(([reason, count]) => ({
      text: reasonText(ctx, reason),
      count: format.number(count),
      path: `${path}/recipients?reason=${reason}`,
    })),
    notes: notes(ctx, run, affordable),
    times: times(ctx, row, run),
    prices: run.prices.map((price) => priceModel(ctx, price)),
    sample: run.sample.map(({ customerId, name, address, body, parts }) => ({
      name: name || formatPhone(address),
      path: `/customers/${customerId}`,
      phone: formatPhone(address),
      body,
      parts: t('sms.parts', { count: parts }),
    })),
    all: `${path}/recipients`,
    launch: launchable ? `${path}/launch?seen=${run.seen}` : null,
  };
}

function figures(ctx: CompanyContext, path: string, run: DryRun): RunModel['figures'] {
  const { t, format } = ctx;
  const skipped = run.customers - run.recipients;
  const lengths = run.lengths.map(({ parts, recipients }) =>
    t('sms.draft.length', { count: recipients, shown: format.number(recipients), parts }),
  );
  return [
    { label: t('sms.draft.recipients'), value: format.number(run.recipients), hint: null, path: `${path}/recipients` },
    { label: t('sms.draft.skipped'), value: format.number(skipped), hint: null, path: skipped > 0 ? '#skipped' : null },
    { label: t('sms.draft.parts'), value: format.number(run.parts), hint: lengths.join(', ') || null, path: null },
    { label: t('sms.draft.cost'), value: costText(ctx, run), hint: costHint(ctx, run), path: null },
  ];
}

function costText(ctx: CompanyContext, run: DryRun): string {
  const unpriced = run.recipients > 0 && run.unknownPrice === run.recipients;
  return unpriced ? ctx.t('sms.draft.noPrice') : moneyOf(ctx, run.ceilingMicros);
}

function costHint(ctx: CompanyContext, { unknownPrice, recipients }: DryRun): string | null {
  if (unknownPrice === 0 || unknownPrice === recipients) return null;
  return ctx.t('sms.draft.unpriced', { count: unknownPrice, shown: ctx.format.number(unknownPrice) });
}

function notes(ctx: CompanyContext, run: DryRun, affordable: boolean): string[] {
  const { t, format } = ctx;
  return [
    ...(run.recipients === 0 ? [t('sms.draft.nobody')] : []),
    ...(run.unread ? [t('sms.draft.unread')] : []),
    ...(run.waitsUntil ? [t('sms.draft.waits', { at: format.dateTime(run.waitsUntil) })] : []),
    ...(run.encodings.ucs2 > 0 && run.encodings.gsm > 0
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
            value: t('sms.draft.budget', {
              left: moneyOf(ctx, run.budget.leftMicros),
              limit: moneyOf(ctx, run.budget.limitMicros),
            }),
          },
        ]
      : []),
  ];
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

/** A number that belongs to no country (a satellite's) has a code of digits. */
function countryName(code: string, locale: string): string {
  return /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code) : code;
}

interface LaunchModel {
  title: string;
  text: string;
  body: string;
  facts: { label: string; value: string }[];
  path: string;
  seen: string;
  submit: string;
}

export function launchModel(ctx: CompanyContext, row: CampaignRow, given: string, seen: Seen): LaunchModel {
  const { t, format } = ctx;
  const count = seen.recipients;
  const fact = (key: string, value: string) => ({ label: t(`sms.draft.${key}`), value });
  return {
    title: t('sms.launch.title', { name: row.name }),
    text: t('sms.launch.text', { count, shown: format.number(count) }),
    body: row.body,
    facts: [
      fact('recipients', format.number(count)),
      fact('parts', format.number(seen.parts)),
      ...(seen.ceilingMicros > 0n ? [fact('cost', moneyOf(ctx, seen.ceilingMicros))] : []),
      ...(row.scheduled_at ? [fact('starts', format.dateTime(row.scheduled_at))] : []),
    ],
    path: `/sms/${row.id}`,
    seen: given,
    submit: t('sms.launch.submit', { count, shown: format.number(count) }),
  };
}
