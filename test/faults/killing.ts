import type { Child } from '../../src/platform/children.ts';
import type { Stage } from './stage.ts';
import { pause, until } from './wait.ts';

/** How often somebody was killed at work, and how long it took each time until the next one worked. */
export interface Killed {
  kills: number;
  recovery: number[];
}

interface Wanted {
  kills: number;
  start(): Promise<Child>;
  /** there is nothing left to do */
  isOver(): Promise<boolean>;
  /** right after each kill; `since`: when the one that was killed was started */
  after?(since: Date): Promise<void>;
}

const MOST_SECONDS = 60;
// Whoever writes down that all is done may be about to begin.
const GRACE_SECONDS = 3;
const LONGEST_LIFE = 1500;

/** Starts it; as soon as it sends, lets it live for at most a second and a half; kills it; and so on. */
export async function killing({ options, standin, random }: Stage, wanted: Wanted): Promise<Killed> {
  const killed: Killed = { kills: 0, recovery: [] };
  let diedAt: number | null = null;
  while (killed.kills < wanted.kills && !(await wanted.isOver())) {
    const before = standin.asked();
    const since = new Date();
    const most = MOST_SECONDS + options.lease + options.sweep;
    const child = await wanted.start();
    await until(async () => standin.asked() > before || !child.running() || (await wanted.isOver()), most, 50);
    const works = await until(() => standin.asked() > before, GRACE_SECONDS);
    if (works && diedAt !== null) killed.recovery.push((performance.now() - diedAt) / 1000);
    if (works) await pause(LONGEST_LIFE, random);
    kill(child);
    await child.ended;
    diedAt = performance.now();
    await wanted.after?.(since);
    if (!works) break;
    killed.kills++;
  }
  return killed;
}

function kill(child: Child): void {
  if (child.running()) process.kill(child.pid, 'SIGKILL');
}
