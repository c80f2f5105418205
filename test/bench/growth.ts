import { columns } from './columns.ts';
import { type Measured, type Row, short } from './report.ts';

/**
 * The sizes beside each other, so that growth shows: what each measure took of ours, its ratio to the bare one, and how many times the
 * smallest size's figure the largest one's is.
 */
export function growth(measured: readonly Measured[]): string {
  const names = [...new Set(measured.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  const head = [
    'measure',
    'unit',
    ...measured.flatMap(({ customers }) => [customers.toLocaleString('en'), 'ratio']),
    'growth',
  ];
  const lines = names.map((name) => {
    const found = measured.map(({ rows }) => rows.find((row) => row.name === name));
    const cells = found.flatMap((row) => [row ? short(row.ours) : '', row?.ratio ? row.ratio.toFixed(2) : '']);
    return [name, found.find(Boolean)?.unit ?? '', ...cells, grown(found)];
  });
  return columns([head, ...lines], [0, 1]);
}

/** Of what gets less with the size (rows a second, answers a second) the other way round: more is always worse. */
function grown(found: readonly (Row | undefined)[]): string {
  const [first, last] = [found[0], found.at(-1)];
  if (!first || !last || first === last) return '';
  const times = first.unit.endsWith('/s') ? first.ours / last.ours : last.ours / first.ours;
  return `× ${short(times)}`;
}
