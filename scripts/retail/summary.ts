import { moneyText } from '../../src/kernel/money.ts';
import type { Expectation } from './expectation.ts';
import { REASONS, type Reason } from './line.ts';
import type { Tally } from './load.ts';
import { CURRENCY } from './order.ts';

export interface Summary {
  text: string;
  /** every line is accounted for, and the portal took every order */
  right: boolean;
}

/** Every line read is in an order or has its reason. */
export function summaryOf(tally: Tally, lines: number): Summary {
  const left = (Object.keys(REASONS) as Reason[]).map((reason) => [reason, tally.left.get(reason) ?? 0] as const);
  const explained = left.reduce((sum, [, count]) => sum + count, tally.linesInOrders);
  const addsUp = tally.lines === explained && tally.lines === lines;
  const rows: Row[] = [
    ['lines read', tally.lines],
    ['lines in orders', tally.linesInOrders],
    ...left.map(([reason, count]): Row => [`left out: ${REASONS[reason]}`, count]),
    [addsUp ? 'adds up: in orders + left out' : 'DOES NOT ADD UP: in orders + left out', explained],
  ];
  const orders = Object.entries(tally.orders).map(([status, count]): Row => [`orders ${status}`, count]);
  const refusals = tally.refusals.map((refusal) => `refused: ${refusal}\n`).join('');
  return { text: `${table(rows)}\n${table(orders)}${refusals}`, right: addsUp && tally.orders.rejected === 0 };
}

/** `found`: what the portal says, to be compared; null: it was not asked. */
export function comparisonOf(expected: Expectation, found: Expectation | null): Summary {
  const [wanted, got] = [figuresOf(expected), found && figuresOf(found)];
  const rows = wanted.map(([label, value], index): Row => {
    const other = got?.[index]?.[1];
    const verdict = other === undefined ? '' : other === value ? '  as listed' : `  LISTED: ${other}`;
    return [label, `${value}${verdict}`];
  });
  const right = !got || wanted.every(([, value], index) => value === got[index]?.[1]);
  return { text: table(rows), right };
}

function figuresOf({ segments, ...figures }: Expectation): [string, string][] {
  return [
    ['expected orders', count(figures.orders)],
    ['expected customers', count(figures.customers)],
    ['expected orders of customers', count(figures.ordersOfCustomers)],
    [`expected sum of all, ${CURRENCY}`, moneyText(figures.sumAll, CURRENCY)],
    [`expected sum of cancelled, ${CURRENCY}`, moneyText(figures.sumCancelled, CURRENCY)],
    ...Object.entries(segments).map(([key, value]): [string, string] => [`expected in segment ${key}`, count(value)]),
  ];
}

type Row = [label: string, value: number | string];

function table(rows: Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  const figures = rows.map(([label, value]) => [label, typeof value === 'number' ? count(value) : value] as const);
  const figureWidth = Math.max(...figures.map(([, value]) => value.split('  ')[0]?.length ?? 0));
  return figures
    .map(([label, value]) => {
      const [figure = '', ...verdict] = value.split('  ');
      return `${label.padEnd(width)}  ${figure.padStart(figureWidth)}${verdict.map((word) => `  ${word}`).join('')}\n`;
    })
    .join('');
}

const count = (value: number) => value.toLocaleString('en');
