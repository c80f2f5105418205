import { isDay } from '../../src/kernel/time.ts';

/** Why a line became part of no order. */
export type Reason = 'unreadable' | 'bad debt' | 'correction' | 'no price' | 'duplicate' | 'refused';

export const REASONS: Record<Reason, string> = {
  unreadable: 'no line of an invoice: a number, date or customer cannot be read',
  'bad debt': 'bad debt adjustment (invoice A…)',
  correction: 'correction of stock or price (negative or zero quantity, negative price)',
  'no price': 'no price in whole pence above zero (gifts, samples, write-offs)',
  duplicate: 'exact duplicate of a line of the same invoice',
  refused: 'in an order that the API refused',
};

/** One usable line; of a cancellation the quantity is already positive. */
export interface Line {
  invoice: string;
  cancelled: boolean;
  sku: string;
  name: string;
  quantity: number;
  /** decimal string in pounds */
  unitPrice: string;
  /** local day and time in London: YYYY-MM-DD, HH:MM:SS */
  day: string;
  time: string;
  /** digits; null: an order of somebody unknown */
  customer: string | null;
  country: string;
}

export type RawLine = Readonly<Record<Column, string | undefined>>;
export type Column = (typeof COLUMNS)[number];
export const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** Reads one line, or says why it is left out; the first reason that fits counts. Duplicates need the other lines: see `openInvoices`. */
export function readLine(raw: RawLine): Line | Reason {
  const given = Object.fromEntries(COLUMNS.map((column) => [column, raw[column]?.trim() ?? ''])) as Record<
    Column,
    string
  >;
  const [, kind, number] = /^([AC]?)(\d+)$/.exec(given.InvoiceNo) ?? [];
  const [, day = '', time = ''] =
    /^(\d{4}-\d\d-\d\d) ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/.exec(given.InvoiceDate) ?? [];
  const quantity = /^-?\d{1,9}(\.0+)?$/.test(given.Quantity) ? Number(given.Quantity) : null;
  const price = /^(-?)(\d{1,12}(?:\.\d+)?)$/.exec(given.UnitPrice);
  const customer = /^(\d{1,6}(?=(?:\.0)?$)|$)/.exec(given.CustomerID);
  const name = given.Description || given.StockCode;
  const readable = number && isDay(day) && quantity !== null && price && customer && name && name.length <= 255;
  if (!readable) return 'unreadable';
  if (kind === 'A') return 'bad debt';
  const cancelled = kind === 'C';
  if (price[1] === '-' || (cancelled ? quantity >= 0 : quantity <= 0)) return 'correction';
  const unitPrice = (price[2] ?? '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  if (Number(unitPrice) === 0 || /\.\d{3}/.test(unitPrice)) return 'no price';
  return {
    invoice: given.InvoiceNo,
    cancelled,
    sku: given.StockCode,
    name,
    quantity: Math.abs(quantity),
    unitPrice,
    day,
    time,
    customer: customer[0] === '' ? null : String(Number(customer[0])),
    country: given.Country,
  };
}
