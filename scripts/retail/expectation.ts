import { createHash } from 'node:crypto';
import { addDays, dayOf, spanStart } from '../../src/kernel/time.ts';
import { COLUMNS, type RawLine } from './line.ts';
import { ZONE } from './order.ts';

/** What the portal must say of the company when it holds this file and nothing else. */
export interface Expectation {
  orders: number;
  customers: number;
  /** orders of known customers, and their sums in pence */
  ordersOfCustomers: number;
  sumAll: bigint;
  sumCancelled: bigint;
  segments: { all: number; new: number; loyal: number; inactive: number };
}

/** Counts in its own way, on floating numbers and whole lines, so that a mistake of the loader does not hide in both. */
export function newExpectation() {
  const seen = new Set<string>();
  const invoices = new Map<string, { customer: string; day: string; pence: number }>();
  return { add, finish };

  function add(line: RawLine): void {
    const [no = '', , , quantity, date = '', price, customer = ''] = COLUMNS.map((column) => line[column]?.trim());
    const pence = Number(price) * 100;
    const amount = Number(quantity) * Math.round(pence);
    const sign = no.startsWith('C') ? -1 : 1;
    const hash = createHash('sha1').update(JSON.stringify(line)).digest('base64');
    if (!/^C?\d+$/.test(no) || !(amount * sign > 0) || pence < 0 || Math.abs(pence - Math.round(pence)) > 1e-6) return;
    if (Number.isNaN(Date.parse(date)) || Number.isNaN(Number(customer)) || seen.has(hash)) return;
    seen.add(hash);
    const invoice = invoices.get(no) ?? { customer: '', day: date.slice(0, 10), pence: 0 };
    invoice.customer ||= customer;
    invoice.pence += amount * sign;
    invoices.set(no, invoice);
  }

  function finish(shift: number, now: Date): Expectation {
    const known = [...invoices].filter(([, { customer }]) => customer !== '');
    const sum = (rows: typeof known) => BigInt(rows.reduce((total, [, { pence }]) => total + pence, 0));
    const customers = new Map<string, { orders: number; last: string }>();
    for (const [, { customer, day }] of known) {
      const { orders, last } = customers.get(customer) ?? { orders: 0, last: '' };
      customers.set(customer, { orders: orders + 1, last: day > last ? day : last });
    }
    return {
      orders: invoices.size,
      customers: customers.size,
      ordersOfCustomers: known.length,
      sumAll: sum(known),
      sumCancelled: sum(known.filter(([no]) => no.startsWith('C'))),
      segments: segmentsOf([...customers.values()], shift, now),
    };
  }
}

function segmentsOf(customers: { orders: number; last: string }[], shift: number, now: Date) {
  const bound = dayOf(spanStart('3m', now, ZONE), ZONE);
  const recent = customers.filter(({ last }) => addDays(last, shift) >= bound);
  const once = recent.filter(({ orders }) => orders === 1).length;
  return {
    all: customers.length,
    new: once,
    loyal: recent.length - once,
    inactive: customers.length - recent.length,
  };
}
