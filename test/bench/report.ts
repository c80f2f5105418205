import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { columns } from './columns.ts';
import type { Compared } from './measure.ts';

/** One line of the table. `ratio`: how many times the bare cost ours is, so that less is better, whatever the unit. */
export interface Row {
  name: string;
  unit: string;
  ours: number;
  bare: number | null;
  ratio: number | null;
  /** the most the ratio (or, without one, our own figure) may be; null: told, not judged */
  bar: number | null;
  /** the bar is the least, not the most */
  atLeast?: boolean;
  verdict: 'ok' | 'over' | 'under' | '';
  note?: string;
}

/** A page: what one client waits, and how many answers ten clients get. */
export function pageRows(name: string, { one, ten }: Compared, bar: number | null): Row[] {
  return [
    {
      ...row(`${name}, 1 client`, 'ms', one.ours.median, one.bare.median, one.ours.median / one.bare.median, bar),
      note: `p95 ${short(one.ours.p95)} / ${short(one.bare.p95)}`,
    },
    {
      ...row(
        `${name}, 10 clients`,
        'req/s',
        ten.ours.perSecond,
        ten.bare.perSecond,
        ten.bare.perSecond / ten.ours.perSecond,
        bar,
      ),
      note: `median ${short(ten.ours.median)} / ${short(ten.bare.median)} ms, p95 ${short(ten.ours.p95)} / ${short(ten.bare.p95)}`,
    },
  ];
}

/** Rows a second: ours are compared with the bare ones. */
export const rateRow = (name: string, ours: number, bare: number, bar: number | null): Row =>
  row(name, 'rows/s', ours, bare, bare / ours, bar);

/** A figure that the ratio to another one judges. */
export const ratioRow = (name: string, unit: string, ours: number, other: number, bar: number): Row =>
  row(name, unit, ours, other, ours / other, bar);

/** A figure with a limit of its own; the bare one only stands beside it. */
export const limitRow = (name: string, unit: string, ours: number, limit: number, bare: number | null): Row =>
  row(name, unit, ours, bare, null, limit);

/** A figure of which there has to be so much at least. */
export const leastRow = (name: string, unit: string, ours: number, least: number): Row => ({
  ...row(name, unit, ours, null, null, least),
  atLeast: true,
  verdict: ours >= least ? 'ok' : 'under',
});

function row(
  name: string,
  unit: string,
  ours: number,
  bare: number | null,
  ratio: number | null,
  bar: number | null,
): Row {
  const verdict = bar === null ? '' : (ratio ?? ours) <= bar ? 'ok' : 'over';
  return { name, unit, ours, bare, ratio, bar, verdict };
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map((each) => [
    each.name,
    short(each.ours),
    each.bare === null ? '' : short(each.bare),
    each.unit,
    each.ratio === null ? '' : each.ratio.toFixed(2),
    each.bar === null ? '' : `${each.atLeast ? '≥ ' : ''}${each.bar}`,
    each.verdict,
    each.note ?? '',
  ]);
  return columns([['measure', 'ours', 'bare', 'unit', 'ratio', 'bar', '', ''], ...cells], [0, 3, 6, 7]);
}

/** Three digits that count, or whole numbers. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3).replace(/\.?0+$/, '');
}

/** One size, measured. */
export interface Measured {
  customers: number;
  others: number;
  companies: number;
  postgres: string;
  gigabytes: number;
  rows: readonly Row[];
}

export function writeResults(file: string, sizes: readonly Measured[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryGigabytes: Math.round(totalmem() / 2 ** 30) };
  const results = { date: new Date().toISOString(), machine, node: process.version, sizes };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
