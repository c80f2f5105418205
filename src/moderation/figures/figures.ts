import { startOfDay } from '../../kernel/time.ts';
import type { PortalReader } from '../../tenancy/handles.ts';
import { KINDS } from '../sql.ts';
import * as sql from './sql.ts';

/** Over how many days the time to decide is measured. */
export const DAYS = 30;

export interface Figures {
  waiting: sql.WaitingRow[];
  /** null: nothing waits */
  oldest: Date | null;
  today: sql.DeciderRow[];
  /** of the last 30 days */
  time: sql.MedianRow;
}

/** How the queue is doing (P-88). `zone`: where today began. */
export async function figures(db: PortalReader, now: Date, zone: string): Promise<Figures> {
  const [waiting, today, [time]] = await Promise.all([
    db.query<sql.WaitingRow>(sql.waiting()),
    db.query<sql.DeciderRow>(sql.byWhom(startOfDay(now, zone))),
    db.query<sql.MedianRow>(sql.medianTime(daysAgo(now))),
  ]);
  const oldest = waiting.map((row) => row.oldest.getTime());
  return {
    waiting: waiting.sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind)),
    oldest: oldest.length > 0 ? new Date(Math.min(...oldest)) : null,
    today,
    time: time ?? { median: null, count: 0 },
  };
}

/** Who decided how much, and how quickly. */
export const moderators = (db: PortalReader, now: Date): Promise<sql.ModeratorRow[]> =>
  db.query<sql.ModeratorRow>(sql.moderators(daysAgo(now)));

const daysAgo = (now: Date) => new Date(now.getTime() - DAYS * 86_400_000);
