import type { Column } from '../../exports/exports.ts';
import { exponentOf } from '../../kernel/money.ts';
import { dayOf, wallSeconds } from '../../kernel/time.ts';
import type { DeliveryRow } from '../../ledger/ledger.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow } from '../draft/draft.ts';
import { deliveryState, whyOf } from './delivery-view.ts';
import { titleOf } from './title-view.ts';

/** One row for each message, with everything that is known of it. */
export function reportColumns(ctx: CompanyContext): Column<DeliveryRow>[] {
  const { t, company } = ctx;
  const unit = 10n ** BigInt(6 - exponentOf(company.currency));
  return [
    text('customer', (row) => row.customer_name),
    text('phone', (row) => row.address),
    text('country', (row) => row.country),
    text('channel', (row) => t(`sms.channel.${row.channel}`)),
    text('second', (row) => (row.first_id === null ? null : t('sms.show.second'))),
    text('state', (row) => deliveryState(ctx, row).state),
    text('reason', (row) => whyOf(ctx, row)),
    text('code', (row) => row.error_code),
    text('body', (row) => row.body),
    column('parts', 'count', (row) => String(row.parts)),
    text('price', (row) => (row.price_micros === null ? null : decimals(row.price_micros))),
    column('cost', 'money', (row) =>
      row.price_micros === null || !isHandedOver(row)
        ? null
        : String((row.parts * row.price_micros + unit - 1n) / unit),
    ),
    text('sender', (row) => row.sender),
    time('called', (row) => row.called_at),
    time('accepted', (row) => row.accepted_at),
    time('settled', (row) => row.settled_at),
    text('sid', (row) => row.sid),
  ];

  function text(key: string, read: (row: DeliveryRow) => string | null): Column<DeliveryRow> {
    return column(key, 'text', read);
  }
  function time(key: string, read: (row: DeliveryRow) => Date | null): Column<DeliveryRow> {
    return column(key, 'time', (row) => local(read(row)));
  }
  function local(at: Date | null): string | null {
    return at && wallSeconds(at, company.timezone);
  }
  function column(key: string, kind: Column['kind'], read: (row: DeliveryRow) => string | null): Column<DeliveryRow> {
    return { header: t(`sms.report.${key}`), kind, read };
  }
}

/** What was never sent, or was refused at once, has cost nothing. */
const isHandedOver = ({ called_at, state, sid }: DeliveryRow) =>
  called_at !== null && (state !== 'failed' || sid !== null);

/** Millionths as a number: `0.0521`. */
const decimals = (micros: bigint): string =>
  `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`.replace(/\.?0+$/, '');

/** The name under which the file is saved: `SMS Black Friday 2026-11-21.xlsx`. */
export function reportName(ctx: CompanyContext, row: CampaignRow, format: string): string {
  const { t, company, now } = ctx;
  const at = row.launched_at;
  const title = t('sms.report.fileName', { name: titleOf(ctx, row), day: dayOf(at ?? now, company.timezone) });
  return `${title.replace(/[\p{Cc}\\/:*?"<>|]+/gu, '-').slice(0, 150)}.${format}`;
}
