interface Line {
  last: Promise<unknown>;
  length: number;
}

const lines = new Map<string, Line>();

/** So many calls of one company wait in this process; whoever comes on top of them had better come again. */
export const MAX_WAITING = 100;

/**
 * One call of a company after another. In the database each would wait for the company's lock, and hold one of the few connections
 * that everybody shares. null: too many wait already.
 */
export function inLine<T>(companyId: string, work: () => Promise<T>): Promise<T> | null {
  const line = lines.get(companyId) ?? { last: Promise.resolve(), length: 0 };
  if (line.length >= MAX_WAITING) return null;
  lines.set(companyId, line);
  line.length++;
  const mine = line.last.then(work).finally(() => {
    line.length--;
    if (line.length === 0) lines.delete(companyId);
  });
  // The next one comes whether this one failed or not.
  line.last = mine.catch(() => {});
  return mine;
}
