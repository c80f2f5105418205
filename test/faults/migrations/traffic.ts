import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { reads, writes } from './fill.ts';

export interface Waits {
  /** milliseconds that one statement took at most */
  read: number;
  write: number;
  statements: number;
  /** what the version before asked and was refused */
  refused: string[];
}

export interface Traffic {
  /** From now on it is the version of the first release that asks. */
  release(): void;
  /** What was waited for since it was asked last. */
  take(): Waits;
  stop(): Promise<void>;
}

const BREATH = 2;

/** Readers and writers of the version before: each asks one thing after the other, without an end. */
export async function startTraffic(url: string, each = 2): Promise<Traffic> {
  let waits = nothing();
  let over = false;
  let number = 0;
  let released = false;
  const begun = new Set<{ kind: 'read' | 'write'; at: number }>();

  const one = async (client: pg.Client, kind: 'read' | 'write', text: string) => {
    const running = { kind, at: performance.now() };
    begun.add(running);
    try {
      await client.query(text);
    } catch (error) {
      waits.refused.push(`${text.slice(0, 60)}: ${error instanceof Error ? error.message : error}`);
    }
    begun.delete(running);
    waits[kind] = Math.max(waits[kind], performance.now() - running.at);
    waits.statements += 1;
  };
  const goOn = async (kind: 'read' | 'write') => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    while (!over) {
      number += 1;
      for (const text of kind === 'read' ? reads() : writes(number, released)) {
        await one(client, kind, text);
        await pause(BREATH);
        if (over) break;
      }
    }
    await client.end();
  };
  const all = Promise.all(Array.from({ length: each }, () => [goOn('read'), goOn('write')]).flat());
  return {
    release: () => {
      released = true;
    },
    take: () => {
      const taken = waits;
      // Who still waits has waited so long already.
      for (const { kind, at } of begun) taken[kind] = Math.max(taken[kind], performance.now() - at);
      waits = nothing();
      return taken;
    },
    stop: async () => {
      over = true;
      await all;
    },
  };
}

const nothing = (): Waits => ({ read: 0, write: 0, statements: 0, refused: [] });
