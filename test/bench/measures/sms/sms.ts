import { startRedis } from '../../../faults/redis.ts';
import { bars, least } from '../../bars.ts';
import { compare } from '../../measure.ts';
import { leastRow, pageRows, type Row, ratioRow, short } from '../../report.ts';
import type { Stage } from '../../stage.ts';
import { flatness } from '../flatness.ts';
import { bareList, ourList } from '../targets.ts';
import type { Frozen } from './freeze.ts';
import { type Round, round } from './round.ts';
import type { Sent } from './sending.ts';
import { clearWorld, makeWorld } from './world.ts';

/**
 * Campaigns to so many customers, each from the call of a program to the last answer of a provider in a process of its own, once with the
 * queue in Redis and once without; the list page meanwhile; and whether everybody got exactly one.
 */
export async function sms(stage: Stage): Promise<Row[]> {
  // Its worker knows no provider, and would take the campaigns' jobs.
  await stage.ours.stop();
  const redis = await startRedis();
  const world = await makeWorld(stage);
  try {
    const withRedis = { REDIS_URL: redis.url };
    const quick = await round(stage, world, withRedis, ({ sendAll }) => sendAll());
    const slow = await round(stage, world, {}, ({ sendAll }) => sendAll());
    const busy = await round(stage, world, withRedis, ({ whileSending, pages }) =>
      whileSending(() => {
        const ours = { ...ourList(stage, '/customers'), site: pages };
        return compare(ours, bareList(stage, '/list'), stage.options.seconds);
      }),
    );
    const { result, ended } = busy.result;
    const note = (row: Row) => (ended ? { ...row, note: `${row.note}; the campaign ended before` } : row);
    return [
      freezing([quick, slow, busy].map(({ frozen }) => frozen)),
      sending('sms, a campaign, queue in Redis', quick, least.redis),
      flatness('sms, sending', quick.result.memory),
      sending('sms, a campaign, queue in PostgreSQL', slow, least.postgres),
      ...pageRows('list, while a campaign is being sent', result, bars.list).map(note),
    ];
  } finally {
    await clearWorld(stage);
    await redis.stop();
  }
}

function freezing(all: readonly Frozen[]): Row {
  const sum = (of: (frozen: Frozen) => number) => all.reduce((total, frozen) => total + of(frozen), 0) / all.length;
  const row = ratioRow(
    'sms, a launch beside the bare INSERT … SELECT',
    'ms',
    sum(({ ours }) => ours),
    sum(({ bare }) => bare),
    bars.freeze,
  );
  return { ...row, note: all.map(({ ours, bare }) => `${short(ours)} / ${short(bare)}`).join(', ') };
}

function sending(name: string, { result: sent }: Round<Sent>, atLeast: number): Row {
  const { worker, postgres, provider } = sent.cpu;
  const thousand = ([worker, postgres, provider] as const).map((seconds) => short((seconds / sent.counted) * 1000));
  const note = [
    `load ${sent.load.map(short).join(' to ')}`,
    `CPU s per 1,000: worker ${thousand[0]}, PostgreSQL ${thousand[1]}, stand-in ${thousand[2]}`,
    `${short(sent.counted / (worker + postgres))} SMS per CPU second without the stand-in`,
    'doubled 0, lost 0',
  ];
  return { ...leastRow(name, 'SMS/s', sent.perSecond, atLeast), note: note.join('; ') };
}
