import { wallClock } from '../../kernel/time.ts';
import { nameOf } from '../../segments/segments.ts';
import type { SenderRow } from '../../senders/senders.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyContext } from '../../web/context.ts';
import { type Choice, choices, type Refusal } from '../../web/form.ts';
import type { CampaignRow } from '../draft/draft.ts';
import { CHANNELS, channelOf } from '../draft/input.ts';
import { LONGEST } from '../text/text.ts';
import type { Checked } from './check.ts';
import { type CheckModel, checkModel } from './check-view.ts';
import { type FieldButton, fieldButtons } from './fields-view.ts';
import type { WhomLoaded } from './whom.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/form': FormModel;
  }
}

interface FormModel {
  title: string;
  action: string;
  back: string;
  /** of the draft that is changed; null: a new one */
  version: string | null;
  /** who saved it meanwhile, and what stands in the database now; null: nobody */
  conflict: { text: string; name: string; body: string } | null;
  /** why what was typed would be saved as a new draft; null: it is changed, or new anyway */
  lost: string | null;
  to: Choice[];
  hidden: { name: string; value: string }[];
  channels: Choice[];
  fallback: boolean;
  /** null: there is nothing to choose */
  senders: Choice[] | null;
  values: Record<string, string>;
  errors: Record<string, string>;
  longest: number;
  fields: FieldButton[];
  zone: string;
  checked: CheckModel;
}

/** What somebody else did meanwhile: saved it, launched it, or deleted it (or it never was here). */
export type Meanwhile = 'conflict' | 'launched' | 'gone';

interface Loaded {
  row: CampaignRow | null;
  refusal: Refusal;
  meanwhile: Meanwhile | null;
  whom: WhomLoaded;
  senders: readonly SenderRow[];
  checked: Checked;
}

/** A stored draft as somebody would have typed it. */
export const typedOf = (row: CampaignRow, { timezone }: Company): Record<string, string> => ({
  name: row.name,
  to: 'chosen',
  channel: row.channel,
  fallback: row.fallback === null ? '' : 'on',
  sender: row.sender ?? '',
  body: row.body,
  scheduledAt: row.scheduled_at ? wallClock(row.scheduled_at, timezone) : '',
  expiresAt: row.expires_at ? wallClock(row.expires_at, timezone) : '',
});

export function formModel(ctx: CompanyContext, loaded: Loaded): FormModel {
  const { t, company } = ctx;
  const { row, refusal, whom, senders, checked, meanwhile } = loaded;
  const { values, errors } = refusal;
  const path = row ? `/sms/${row.id}` : null;
  return {
    title: row ? t('sms.form.edit', { name: row.name }) : t('sms.form.title'),
    action: path ?? '/sms',
    back: path ?? '/sms',
    version: row && String(row.version),
    conflict: meanwhile === 'conflict' && row ? conflictOf(ctx, row) : null,
    lost: meanwhile === 'launched' || meanwhile === 'gone' ? t(`sms.form.${meanwhile}`) : null,
    to: toChoices(ctx, whom, values.to),
    hidden: hidden(whom),
    channels: choices(CHANNELS, values.channel ?? 'sms', (channel) => t(`sms.channel.${channel}`)),
    fallback: values.fallback === 'on',
    senders: sendersChoices(ctx, senders, values.sender ?? ''),
    values,
    errors,
    longest: LONGEST,
    fields: fieldButtons(t),
    zone: company.timezone,
    checked: checkModel(ctx, checked, channelOf(values.channel)),
  };
}

function conflictOf({ t, format }: CompanyContext, { name, body, updated_at: at }: CampaignRow) {
  return { text: t('sms.form.conflict', { at: format.dateTime(at) }), name, body };
}

function toChoices({ t }: CompanyContext, { segments, chosen }: WhomLoaded, to: string | undefined): Choice[] {
  const usable = segments.filter(({ filter }) => filter !== null);
  const named = usable.map((segment) => ({
    value: segment.key,
    label: segment.key === 'all' ? t('sms.whom.all') : nameOf(segment, t),
    chosen: segment.key === to,
  }));
  if (chosen) return [{ value: 'chosen', label: chosen.words, chosen: to === 'chosen' }, ...named];
  return [{ value: '', label: t('sms.form.choose'), chosen: !to }, ...named];
}

function hidden({ chosen }: WhomLoaded): FormModel['hidden'] {
  if (!chosen) return [];
  if (chosen.ids.length > 0) return chosen.ids.map((value) => ({ name: 'ids', value }));
  return [{ name: 'filter', value: chosen.filter }];
}

/** The portal's own sender is always there. */
export function sendersChoices({ t }: CompanyContext, senders: readonly SenderRow[], chosen: string): Choice[] | null {
  if (senders.length === 0) return null;
  const labels = new Map(senders.map(({ address, name }) => [address, name ? `${name} (${address})` : address]));
  return choices(['', ...labels.keys()], chosen, (value) => labels.get(value) ?? t('sms.form.portalSender'));
}
