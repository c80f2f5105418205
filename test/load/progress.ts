import pg from 'pg';
import type { Site } from '../bench/load.ts';
import { until } from '../faults/wait.ts';
import type { Stage } from './stage.ts';
import { runImport, type Works } from './works.ts';

export type Name = 'import' | 'campaign' | 'export';

/** How far the long works are, as their rows say. */
export interface Progress {
  state: string;
  /** since all began; null: it goes on */
  seconds: number | null;
}

export interface Foreman {
  progress(): Readonly<Partial<Record<Name, Progress>>>;
  /** Resolves when all of them are over, or it is this time by `performance.now()`. */
  over(until: number): Promise<boolean>;
  stop(): Promise<void>;
}

const ENDED: readonly string[] = ['done', 'failed', 'cancelled', 'finished', 'gone'];
const EVERY = 1000;

/** Looks every second, and clicks what a person would click next. */
export async function watchWorks(stage: Stage, owner: Site, works: Works): Promise<Foreman> {
  const client = new pg.Client({ connectionString: stage.cluster.superuserUrl });
  await client.connect();
  const started = performance.now();
  const wanted = (
    [
      ['import', works.importId],
      ['campaign', works.campaignId],
      ['export', works.exportId],
    ] as const
  ).flatMap(([name, id]) => (id === null ? [] : [{ name, id }]));
  const progress: Partial<Record<Name, Progress>> = {};
  let round: Promise<void> = Promise.resolve();
  let failure: Error | null = null;

  const look = async () => {
    for (const { name, id } of wanted) {
      if (progress[name]?.seconds) continue;
      const { rows } = await client.query<{ state: string }>(`select state from ${name} where id = $1`, [id]);
      const state = rows[0]?.state ?? 'gone';
      if (name === 'import' && state === 'checked' && progress.import?.state !== 'checked')
        await runImport(stage, owner, id);
      const seconds = ENDED.includes(state) ? (performance.now() - started) / 1000 : null;
      progress[name] = { state, seconds };
    }
  };
  const timer = setInterval(() => {
    round = round.then(look).catch((error: Error) => {
      failure ??= error;
    });
  }, EVERY);
  const isOver = () => wanted.every(({ name }) => progress[name]?.seconds);
  return {
    progress: () => progress,
    over: async (end) => {
      await until(() => isOver() || failure !== null, (end - performance.now()) / 1000, 200);
      if (failure !== null) throw failure;
      return isOver();
    },
    stop: async () => {
      clearInterval(timer);
      await round;
      await client.end();
    },
  };
}
