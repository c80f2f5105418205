import { killing } from '../killing.ts';
import { AMBIGUOUS, paceFor } from '../kills.ts';
import { program } from '../program.ts';
import type { Outcome } from '../report.ts';
import type { Stage } from '../stage.ts';
import { until } from '../wait.ts';

const DESIGNS = [
  ['cursor', 'a cursor moved when a batch is fetched'],
  ['completed', 'marked as completed first'],
] as const;

const QUICK = 200;
const MOST_SECONDS = 300;

/** The same number of people, the same kills, the same provider. */
export async function baselines(stage: Stage): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [design, words] of DESIGNS)
    outcomes.push({ ...(await through(stage, design)), note: words, name: design });
  return outcomes;
}

let from = 0;

async function through(stage: Stage, design: string): Promise<Outcome> {
  const { options, standin } = stage;
  const { recipients, kills, seed } = options;
  const numbers = Array.from({ length: recipients }, () => `+38050${String(from++).padStart(7, '0')}`);
  await arrange(stage, numbers);
  standin.turn({ ...AMBIGUOUS, seed });
  const first = standin.taken.length;
  const sender = program('test', 'faults', 'baselines', 'sender');
  const start = (pace: number) => stage.start(design, sender, [design, String(pace)]);
  const killed = await killing(stage, {
    kills,
    start: () => start(paceFor(options)),
    isOver: () => isOver(stage, design),
  });
  const last = await start(QUICK);
  await until(() => !last.running(), MOST_SECONDS, 100);
  await last.stop();
  const made = new Map<string, number>();
  for (const { to } of standin.taken.slice(first)) made.set(to, (made.get(to) ?? 0) + 1);
  return {
    injected: killed.kills,
    operations: recipients,
    lost: numbers.filter((number) => !made.has(number)).length,
    doubled: [...made.values()].filter((times) => times > 1).length,
    ...{ stuck: 0, unknown: 0, recoverySeconds: null, misses: [], compared: true, note: '' },
  };
}

async function arrange({ ask, postgres }: Stage, numbers: readonly string[]): Promise<void> {
  const { username } = new URL(postgres.url);
  await ask('drop table if exists baseline_recipient, baseline_campaign');
  await ask('create table baseline_recipient (id int generated always as identity primary key, address text not null)');
  await ask('create table baseline_campaign (cursor int not null default 0, completed boolean not null default false)');
  await ask(`grant all on baseline_recipient, baseline_campaign to ${username}`);
  await ask('insert into baseline_campaign default values');
  await ask('insert into baseline_recipient (address) select unnest($1::text[])', [numbers]);
}

async function isOver({ ask }: Stage, design: string): Promise<boolean> {
  const [row] = await ask<{ over: boolean }>(
    design === 'cursor'
      ? 'select cursor >= (select max(id) from baseline_recipient) as over from baseline_campaign'
      : 'select completed as over from baseline_campaign',
  );
  return row?.over ?? true;
}
