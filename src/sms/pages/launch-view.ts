import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow } from '../draft/draft.ts';
import type { DryRun } from '../launch/dry-run.ts';
import type { Recipient } from '../launch/recipients.ts';
import type { Seen } from '../launch/seen.ts';
import { keptNote } from './channel-view.ts';
import { costModel } from './cost-view.ts';
import { channelText } from './delivery-view.ts';
import { partsText } from './parts-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/launch': LaunchModel;
  }
}

interface LaunchModel {
  title: string;
  text: string;
  notes: string[];
  /** the text as the first of them gets it, named in words */
  first: { words: string; body: string } | null;
  facts: { label: string; value: string; hint: string | null }[];
  path: string;
  seen: string;
  submit: string;
}

interface Loaded {
  /** as it came */
  given: string;
  seen: Seen;
  first: Recipient | null;
  times: Pick<DryRun, 'startsAt' | 'waitsUntil' | 'lastLeavesAt'>;
  /** no price of the channel is known */
  unpriced: boolean;
}

/** The last question before the launch. */
export function launchModel(ctx: CompanyContext, row: CampaignRow, loaded: Loaded): LaunchModel {
  const { t, format } = ctx;
  const { seen, times, given } = loaded;
  const count = seen.recipients;
  const kept = keptNote(ctx, row.channel);
  return {
    title: t('sms.launch.title', { name: row.name }),
    text: t('sms.launch.text', { count, shown: format.number(count) }),
    notes: [
      ...(times.waitsUntil ? [t('sms.draft.waits', { at: format.dateTime(times.waitsUntil) })] : []),
      ...(kept ? [kept] : []),
    ],
    first: firstOf(ctx, row, loaded),
    facts: facts(ctx, row, loaded),
    path: `/sms/${row.id}`,
    seen: given,
    submit: t('sms.launch.submit', { count, shown: format.number(count) }),
  };
}

function firstOf(ctx: CompanyContext, { channel }: CampaignRow, { first }: Loaded): LaunchModel['first'] {
  if (!first?.address) return null;
  const name = first.name || formatPhone(first.address);
  const parts = partsText(ctx, channel, first.parts);
  return { words: ctx.t('sms.launch.first', { name, parts }), body: first.body };
}

function facts(ctx: CompanyContext, row: CampaignRow, { seen, times, unpriced }: Loaded): LaunchModel['facts'] {
  const { t, format } = ctx;
  const fact = (key: string, value: string, hint: string | null = null) => ({ label: t(`sms.${key}`), value, hint });
  const { startsAt, lastLeavesAt } = times;
  const late = row.expires_at !== null && row.expires_at < lastLeavesAt;
  const expires = row.expires_at && format.dateTime(row.expires_at);
  const cost = costModel(ctx, row, seen.ceilingMicros, unpriced);
  return [
    fact('draft.recipients', format.number(seen.recipients)),
    ...(row.channel === 'sms' ? [fact('draft.parts', format.number(seen.parts))] : []),
    fact('draft.cost', cost.value, cost.hint),
    fact('show.fact.channel', channelText(ctx, row)),
    fact('show.fact.sender', row.sender ?? t('sms.form.portalSender')),
    fact('draft.starts', startsAt ? format.dateTime(startsAt) : t('sms.draft.atOnce')),
    fact('draft.lastLeaves', format.dateTime(lastLeavesAt)),
    ...(expires ? [fact('show.fact.expires', late ? t('sms.draft.late', { at: expires }) : expires)] : []),
  ];
}
