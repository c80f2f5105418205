import { Problem } from '../web/problem.ts';

const lines = new Map<string, Promise<unknown>>();

// Milliseconds. Programs give up after half a minute or a minute, and would not know what became of their call.
const PATIENCE = 25_000;

/**
 * One call of a company after another. In the database each would wait for the company's lock, and hold one of the few connections
 * that everybody shares. How many may wait is decided before their bodies are read (`web/api-room.ts`). Whoever has waited too long when its turn
 * comes is told to come again (503).
 */
export function inLine<T>(companyId: string, work: () => Promise<T>, patience = PATIENCE): Promise<T> {
  const came = performance.now();
  const turn = () => {
    if (performance.now() - came > patience)
      throw new Problem(503, 'Much is being taken in at the moment. Repeat the call; that does no harm.');
    return work();
  };
  const mine = (lines.get(companyId) ?? Promise.resolve()).then(turn);
  // The next one comes whether this one failed or not.
  const end: Promise<unknown> = mine
    .catch(() => {})
    .then(() => {
      if (lines.get(companyId) === end) lines.delete(companyId);
    });
  lines.set(companyId, end);
  return mine;
}
