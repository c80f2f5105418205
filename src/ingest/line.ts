const lines = new Map<string, Promise<unknown>>();

/**
 * One call of a company after another. In the database each would wait for the company's lock, and hold one of the few connections
 * that everybody shares. How many may wait is decided before their bodies are read (`web/api-room.ts`).
 */
export function inLine<T>(companyId: string, work: () => Promise<T>): Promise<T> {
  const mine = (lines.get(companyId) ?? Promise.resolve()).then(work);
  // The next one comes whether this one failed or not.
  const end: Promise<unknown> = mine
    .catch(() => {})
    .then(() => {
      if (lines.get(companyId) === end) lines.delete(companyId);
    });
  lines.set(companyId, end);
  return mine;
}
