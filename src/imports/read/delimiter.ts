export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const LINES = 50;

/**
 * What separates the cells, from the first lines: the sign that cuts most lines into the same number of cells, and of
 * several the one that cuts them into most. Signs within quotes separate nothing.
 */
export function detectDelimiter(sample: string): Delimiter {
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(cellsPerLine(sample, delimiter));
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function scoreOf(counts: readonly number[]): number {
  const common = Math.max(0, ...counts.filter((count) => count > 1));
  if (common === 0) return 0;
  const [heading = 1] = counts;
  const same = counts.filter((count) => count === heading).length;
  return heading > 1 ? (same / counts.length) * 1000 + heading : common;
}

function cellsPerLine(sample: string, delimiter: string): number[] {
  const counts: number[] = [];
  let [cells, quoted, blank] = [1, false, true];
  const close = () => {
    if (!blank) counts.push(cells);
    [cells, blank] = [1, true];
  };
  for (const sign of sample) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '\n' || sign === '\r')) close();
    else if (!quoted && sign === delimiter) cells++;
    if (sign.trim() !== '') blank = false;
    if (counts.length === LINES) return counts;
  }
  // The last line may be cut off: it tells only when there is no other.
  if (counts.length < 2) close();
  return counts;
}
