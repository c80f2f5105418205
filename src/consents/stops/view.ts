import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Refusal } from '../../web/form.ts';
import type { ListedRow } from '../sql.ts';

declare module '../../web/views.ts' {
  interface Views {
    'consents/stops': ListModel;
    'consents/block': BlockModel;
    'consents/removal': RemovalModel;
  }
}

interface StopModel {
  /** the number where a customer has it, else its last two digits */
  number: string;
  customer: { name: string; path: string } | null;
  reason: string;
  tone: string;
  /** blocked by hand, beside what the person said */
  beside: string | null;
  since: string;
  by: string | null;
  /** address of the page that asks; null: only its person can lift it, or the reader may not */
  removal: string | null;
  removalLabel: string;
}

interface ListModel {
  q: string;
  error: string | null;
  count: string;
  stops: StopModel[];
  /** the person may add and remove */
  editable: boolean;
  searched: boolean;
  any: boolean;
  older: string | null;
  newest: string | null;
}

interface Asked {
  q: string;
  wrong: boolean;
  count: bigint;
  per: number;
  before: string | null;
}

export function listModel(
  ctx: CompanyContext,
  rows: readonly ListedRow[],
  { q, wrong, count, per, before }: Asked,
): ListModel {
  const { t, format } = ctx;
  const shown = rows.slice(0, per);
  const last = shown.at(-1);
  return {
    q,
    error: wrong ? t('consents.noNumber') : null,
    count: t('consents.stops.count', { count: Number(count), shown: format.number(count) }),
    stops: shown.map((row) => stop(ctx, row)),
    editable: ctx.may('customers:write'),
    searched: q !== '',
    any: count > 0n,
    older: rows.length > per && last ? `/sms/stops?before=${encodeURIComponent(last.addressKey)}` : null,
    newest: before === null ? null : '/sms/stops',
  };
}

function stop(ctx: CompanyContext, row: ListedRow): StopModel {
  const { t, format } = ctx;
  const number = numberOf(row);
  return {
    number,
    customer:
      row.customerId && row.customer !== null
        ? { name: row.customer || t('customers.noName'), path: `/customers/${row.customerId}/consents` }
        : null,
    reason: t(`consents.reason.${row.reason}`),
    tone: row.reason === 'hand' ? 'warn' : 'bad',
    beside: row.reason !== 'hand' && row.blocked ? t('consents.reason.hand') : null,
    since: format.dateTime(row.at),
    by: row.by,
    removal: row.blocked && ctx.may('customers:write') ? `/sms/stops/${row.addressKey}/removal` : null,
    removalLabel: t('consents.stops.removeLabel', { number }),
  };
}

const numberOf = ({ phone, customer, hint }: ListedRow) =>
  phone && customer !== null ? formatPhone(phone) : `… ${hint}`;

interface BlockModel {
  values: Record<string, string>;
  errors: Record<string, string>;
  back: string;
}

export const blockModel = ({ values, errors }: Refusal, back: string): BlockModel => ({ values, errors, back });

interface RemovalModel {
  title: string;
  key: string;
  back: string;
  /** what happens, or why it cannot */
  text: string;
  possible: boolean;
}

export function removalModel({ t }: CompanyContext, row: ListedRow, back: string): RemovalModel {
  const number = numberOf(row);
  const kind = !row.blocked ? 'onlyPerson' : row.reason === 'hand' ? 'hand' : 'both';
  return {
    title: t('consents.removal.title', { number }),
    key: row.addressKey,
    back,
    text: t(`consents.removal.${kind}`),
    possible: row.blocked,
  };
}
