import { DateTime } from 'luxon';
import { addDays } from '../../src/kernel/time.ts';
import type { Invoice } from './invoices.ts';
import { personOf } from './person.ts';

export const ZONE = 'Europe/London';
export const CURRENCY = 'GBP';

/** The body of one order as the API takes it; its day moved by `shift` days, its time of day kept. */
export function orderOf(invoice: Invoice, shift: number) {
  const [first] = invoice;
  const customer = invoice.find((line) => line.customer !== null)?.customer ?? null;
  return {
    externalId: first.invoice,
    number: first.invoice,
    placedAt: momentOf(addDays(first.day, shift), first.time),
    status: first.cancelled ? 'cancelled' : 'completed',
    currency: CURRENCY,
    customer: customer === null ? {} : personOf(customer, first.invoice, first.country),
    items: invoice.map(({ sku, name, quantity, unitPrice }) => ({ ...(sku && { sku }), name, quantity, unitPrice })),
    source: 'online-retail',
  };
}

function momentOf(day: string, time: string): string {
  return DateTime.fromISO(`${day}T${time}`, { zone: ZONE }).toISO({ suppressMilliseconds: true }) ?? '';
}
