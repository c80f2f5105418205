import { columns } from '../bench/columns.ts';
import type { Findings } from './check.ts';

/** One fault, as it went. */
export interface Row {
  id: string;
  hypothesis: string;
  injected: number;
  operations: number;
  lost: number;
  doubled: number;
  stuck: number;
  unknown: number;
  /** until the next message left, of the longest interruption; null: nothing was interrupted */
  recoverySeconds: number | null;
  verdict: 'ok' | 'MISSED' | 'compared';
  note: string;
}

export type Outcome = Omit<Row, 'id' | 'hypothesis' | 'verdict'> & {
  /** what may not be: each one that is there misses the bar */
  misses: string[];
  /** where one fault makes several rows */
  name?: string;
  /** stands beside ours and is not judged */
  compared?: boolean;
};

/** Whatever a fault is, these hold. */
export function outcome(
  found: Findings,
  {
    injected,
    recovery = [],
    misses = [],
    note,
  }: {
    injected: number;
    recovery?: readonly number[];
    misses?: readonly (string | false)[];
    note: string;
  },
): Outcome {
  const { operations, lost, doubled, stuck, unknown, unknownTaken, wrong, drift } = found;
  const figures = { lost: lost.length, doubled: doubled.length, stuck: stuck.length };
  const bars = { ...figures, wrong: wrong.length, drift };
  const broken = Object.entries(bars).filter(([, count]) => count > 0);
  return {
    ...{ injected, operations, ...figures, unknown: unknown.length },
    recoverySeconds: recovery.length > 0 ? Math.max(...recovery) : null,
    misses: [...broken.map(([name, count]) => `${name} ${count}`), ...misses.filter((miss) => miss !== false)],
    note: unknown.length > 0 ? `${note}; of the unknown ${unknownTaken} were taken` : note,
  };
}

/** Of what is not written to anybody: what was lost, doubled or got stuck misses the bar. */
export function plain({
  misses,
  recovery = [],
  ...figures
}: Pick<Row, 'injected' | 'operations' | 'note'> &
  Partial<Pick<Row, 'lost' | 'doubled' | 'stuck' | 'unknown'>> & {
    misses: readonly (string | false)[];
    recovery?: readonly number[];
    name?: string;
  }): Outcome {
  const { lost = 0, doubled = 0, stuck = 0, unknown = 0 } = figures;
  const broken = Object.entries({ lost, doubled, stuck }).filter(([, count]) => count > 0);
  return {
    ...{ ...figures, lost, doubled, stuck, unknown },
    recoverySeconds: recovery.length > 0 ? Math.max(...recovery) : null,
    misses: [...broken.map(([name, count]) => `${name} ${count}`), ...misses.filter((miss) => miss !== false)],
  };
}

/** Whoever misses a bar says which. */
export function judged(id: string, hypothesis: string, { misses, name = id, compared = false, ...row }: Outcome): Row {
  const verdict = misses.length === 0 ? 'ok' : 'MISSED';
  const note = compared ? [] : misses.map((miss) => `MISSED: ${miss}`);
  return {
    ...row,
    id: name,
    hypothesis,
    verdict: compared ? 'compared' : verdict,
    note: [row.note, ...note].join('; '),
  };
}

export function table(rows: readonly Row[]): string {
  const head = ['fault', 'injected', 'operations', 'lost', 'doubled', 'stuck', 'unknown', 'recovery s', 'verdict', ''];
  const cells = rows.map((row) => [
    row.id,
    ...[row.injected, row.operations, row.lost, row.doubled, row.stuck, row.unknown].map((n) => n.toLocaleString('en')),
    row.recoverySeconds === null ? '' : row.recoverySeconds.toFixed(1),
    row.verdict,
    row.note,
  ]);
  return columns([head, ...cells], [0, 8, 9]);
}
