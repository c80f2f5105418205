import * as senders from '../../senders/senders.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import * as sql from './sql.ts';

/** Further ahead than this nobody waits beside it: the job comes again. */
export const HORIZON_SECONDS = 2;

export type Turn =
  /** so many seconds from now the first may leave, and then one after another at the pace */
  | { go: true; seconds: number }
  /** the sender may not be used for so long */
  | { go: false; seconds: number };

/** Messages a second that may leave from a sender, of all companies and workers together. */
export const paceOf = (tenancy: Tenancy, sender: string): Promise<number> =>
  tenancy.inPortal((db) => senders.paceOf(db, sender));

/** Keeps a place for so many messages of a sender: no two workers are given the same. */
export function reserve(tenancy: Tenancy, sender: string, count: number, perSecond: number): Promise<Turn> {
  return tenancy.inPortal(async (db) => {
    const [kept] = await db.query<{ wait: number }>(sql.reserve(sender, count, perSecond, HORIZON_SECONDS));
    if (kept) return { go: true, seconds: Math.max(0, kept.wait) };
    const [held] = await db.query<{ wait: number }>(sql.heldFor(sender));
    return { go: false, seconds: Math.max(0, held?.wait ?? 0) };
  });
}

/** Hands out places of one sender. */
export interface Places {
  take(count: number): Promise<Turn>;
}

/**
 * For several that take places side by side: as many are kept at once as leave within a quarter of a second, so that a quick sender's
 * row is not what everybody waits for.
 */
export function openPlaces(tenancy: Tenancy, sender: string, perSecond: number, most: number): Places {
  let kept = { from: 0, left: 0 };
  let turn: Promise<unknown> = Promise.resolve();
  const take = async (count: number): Promise<Turn> => {
    if (kept.left < count) {
      const wanted = Math.max(count, Math.min(most, Math.floor(perSecond / 4)));
      const reserved = await reserve(tenancy, sender, wanted, perSecond);
      if (!reserved.go) return reserved;
      kept = { from: performance.now() + reserved.seconds * 1000, left: wanted };
    }
    const seconds = Math.max(0, (kept.from - performance.now()) / 1000);
    kept = { from: kept.from + (count / perSecond) * 1000, left: kept.left - count };
    return { go: true, seconds };
  };
  return {
    take: (count) => {
      const taken = turn.then(() => take(count));
      turn = taken.catch(() => undefined);
      return taken;
    },
  };
}

/** The provider wants to be left alone for so long (429): by everybody who uses this sender. */
export async function hold(tenancy: Tenancy, sender: string, seconds: number): Promise<void> {
  await tenancy.inPortal((db) => db.execute(sql.hold(sender, seconds)));
}

/** Seconds for which a sender is still to be left alone; 0: it may be used. Asked by whoever waited for a place that was promised earlier. */
export async function heldSeconds(tenancy: Tenancy, sender: string): Promise<number> {
  const [held] = await tenancy.inPortal((db) => db.query<{ wait: number }>(sql.stillHeld(sender)));
  return held?.wait ?? 0;
}
