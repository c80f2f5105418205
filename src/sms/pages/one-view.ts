import type { CustomerRow, HeaderModel } from '../../customers/customers.ts';
import { formatPhone } from '../../kernel/phone.ts';
import type { SentRow } from '../../ledger/ledger.ts';
import type { SenderRow } from '../../senders/senders.ts';
import type { CompanyContext } from '../../web/context.ts';
import { type Choice, choices, type Refusal } from '../../web/form.ts';
import { CHANNELS, channelOf } from '../draft/input.ts';
import type { OverBudget } from '../launch/budget.ts';
import { LONGEST } from '../text/text.ts';
import { type BudgetModel, budgetModel } from './budget-view.ts';
import type { Checked } from './check.ts';
import { type CheckModel, checkModel } from './check-view.ts';
import { deliveryState, whyOf } from './delivery-view.ts';
import { type FieldButton, fieldButtons } from './fields-view.ts';
import { sendersChoices } from './form-view.ts';
import { cannotSend } from './may-view.ts';
import type { PhoneRow } from './sql.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/customer': OneModel;
  }
}

interface OneModel {
  title: string;
  header: HeaderModel;
  /** null: the person may not send, or there is no number to send to */
  form: FormModel | null;
  /** why there is no form */
  closed: string | null;
  sent: SentModel[];
  older: string | null;
  newest: string | null;
}

interface FormModel {
  action: string;
  warnings: string[];
  /** why money forbids what was typed; null: it does not */
  budget: BudgetModel | null;
  values: Record<string, string>;
  errors: Record<string, string>;
  channels: Choice[];
  senders: Choice[] | null;
  longest: number;
  fields: FieldButton[];
  checked: CheckModel;
  /** it is quiet: until when it would wait; null: it leaves now */
  quiet: string | null;
  /** that the person wants it to leave now all the same */
  now: boolean;
}

interface SentModel {
  body: string;
  state: string;
  pill: string;
  why: string | null;
  facts: string;
  campaign: { path: string; name: string };
}

interface Loaded {
  customer: CustomerRow;
  header: HeaderModel;
  phones: readonly PhoneRow[];
  /** why the numbers of these keys get nothing */
  silenced: ReadonlyMap<string, string>;
  /** `channel key` of those who said no to it */
  refused: ReadonlySet<string>;
  quiet: Date | null;
  senders: readonly SenderRow[];
  sent: { deliveries: readonly SentRow[]; more: boolean };
  checked: Checked;
  refusal: Refusal;
  before: string | null;
  dear: OverBudget | null;
}

export function oneModel(ctx: CompanyContext, loaded: Loaded): OneModel {
  const { t } = ctx;
  const { customer, header, sent, before } = loaded;
  const path = `/customers/${customer.id}/sms`;
  const closed = closedBecause(ctx, loaded);
  const last = sent.deliveries.at(-1);
  return {
    title: `${header.name}: ${t('customers.tab.sms')}`,
    header,
    form: ctx.may('campaigns:send') && closed === null ? formOf(ctx, path, loaded) : null,
    closed: cannotSend(ctx) ?? closed,
    sent: sent.deliveries.map((row) => sentModel(ctx, row)),
    older: sent.more && last ? `${path}?before=${last.id}` : null,
    newest: before ? path : null,
  };
}

function closedBecause({ t }: CompanyContext, { phones, silenced }: Loaded): string | null {
  if (phones.length === 0) return t('sms.one.noPhone');
  const reasons = phones.map(({ phone_key: key }) => (key === null ? undefined : silenced.get(key)));
  if (reasons.some((reason) => reason === undefined)) return null;
  return t(reasons.includes('hand') ? 'sms.one.blocked' : 'sms.one.stop');
}

function formOf(ctx: CompanyContext, action: string, loaded: Loaded): FormModel {
  const { t, format } = ctx;
  const { values, errors } = loaded.refusal;
  return {
    action,
    warnings: warnings(ctx, loaded),
    budget: loaded.dear && budgetModel(ctx, loaded.dear),
    values,
    errors,
    channels: choices(CHANNELS, values.channel ?? 'sms', (channel) => t(`sms.channel.${channel}`)),
    senders: sendersChoices(ctx, loaded.senders, values.sender ?? ''),
    longest: LONGEST,
    fields: fieldButtons(t),
    checked: checkModel(ctx, loaded.checked, channelOf(values.channel)),
    quiet: loaded.quiet && format.dateTime(loaded.quiet),
    now: values.now === 'on',
  };
}

/** What one should know before writing: none of it forbids to. */
function warnings({ t }: CompanyContext, { phones, silenced, refused }: Loaded): string[] {
  return phones.flatMap(({ value, phone_key: key, mobile }) => {
    const phone = formatPhone(value);
    if (key !== null && silenced.has(key)) return [t('sms.one.warn.silenced', { phone })];
    const noes = CHANNELS.filter((channel) => refused.has(`${channel} ${key}`)).map((channel) =>
      t(`sms.channel.${channel}`),
    );
    return [
      ...(noes.length > 0 ? [t('sms.one.warn.refused', { phone, channels: noes.join(', ') })] : []),
      ...(mobile === false ? [t('sms.one.warn.notMobile', { phone })] : []),
    ];
  });
}

function sentModel(ctx: CompanyContext, row: SentRow): SentModel {
  const { t, format } = ctx;
  const moment = format.dateTime(row.settled_at ?? row.accepted_at ?? row.called_at ?? row.due_at);
  const isAhead = (row.state === 'planned' || row.state === 'claimed') && row.due_at > ctx.now;
  const at = isAhead ? t('sms.one.planned', { at: moment }) : moment;
  return {
    body: row.body,
    ...deliveryState(ctx, row),
    why: whyOf(ctx, row),
    facts: [at, t(`sms.channel.${row.channel}`), ...(row.address ? [formatPhone(row.address)] : [])].join(' · '),
    campaign: {
      path: `/sms/${row.campaign_id}`,
      name: row.kind === 'group' ? row.campaign_name : t(`sms.one.kind.${row.kind}`),
    },
  };
}
