import { runJob } from '../../jobs/run.ts';
import { localMoment } from '../../src/kernel/quiet.ts';
import { add, check, deliveryOf, type Findings } from './check.ts';
import { type Outcome, outcome } from './report.ts';
import type { Stage } from './stage.ts';
import { launchTo, makeWorld, setPace, type World } from './world.ts';

/** A night in which the clocks of a zone change. */
interface Night {
  zone: string;
  /** the day that begins in it */
  day: string;
}

const NIGHTS: readonly Night[] = [
  { zone: 'Europe/Kyiv', day: '2026-03-29' },
  { zone: 'Europe/Kyiv', day: '2026-10-25' },
  { zone: 'Europe/Berlin', day: '2026-03-29' },
  { zone: 'Europe/Berlin', day: '2026-10-25' },
  { zone: 'America/Sao_Paulo', day: '2018-02-18' },
  { zone: 'America/Sao_Paulo', day: '2018-11-04' },
];

const QUIET: readonly (string | null)[] = ['20:00-9:00', '23:30-2:30', '0:30-3:30', '2:00-3:00', null];

/** Local times, among them those that are jumped over or come twice, here or there. */
const TIMES = ['00:00', '00:30', '01:00', '01:30', '02:00', '02:30', '03:00', '03:30', '04:00', '09:00', '23:00'];

const FEW = { quiet: ['20:00-9:00', '0:30-3:30', null], times: ['00:30', '02:30', '03:00', '03:30', '23:00'] };

interface Planned {
  world: World;
  campaignId: string;
  quiet: string | null;
  /** local time; null: at once */
  scheduled: string | null;
  launchedAt: Date;
}

/** One minute, and what the clocks on the wall show then, as PostgreSQL says. */
interface Minute extends Record<string, unknown> {
  at: Date;
  local: string;
}

/** F16 */
export async function clocks(stage: Stage): Promise<Outcome[]> {
  const nights = stage.options.short ? NIGHTS.slice(0, 1) : NIGHTS;
  stage.standin.turn({ seed: stage.options.seed, latency: [0, 0], callbacks: NONE });
  await setPace(stage, 10_000);
  const outcomes: Outcome[] = [];
  for (const night of nights) outcomes.push(await through(stage, night));
  return outcomes;
}

const NONE = { copies: [1, 1], shuffled: false, lost: 1, early: 0, delay: [0, 0], undelivered: 0 } as const;

async function through(stage: Stage, { zone, day }: Night): Promise<Outcome> {
  const { standin } = stage;
  const minutes = await minutesOf(stage, zone, day);
  let now = minutes[0]?.at ?? new Date();
  const services = { ...stage.services, clock: () => now };
  const planned = await planAll(stage, zone, day, now);
  const first = standin.taken.length;
  const sentAt: Minute[] = [];
  const bench = { services, mailer: null, channels: stage.channels, stopping: new AbortController().signal };
  for (const minute of minutes) {
    now = minute.at;
    for (const id of await dueJobs(stage, planned, now)) await runJob(bench, id);
    while (sentAt.length < standin.taken.length - first) sentAt.push(minute);
  }
  const sent = await byCampaign(stage, planned, first, sentAt);
  const found = await checkAll(stage, planned);
  const verdicts = planned.map((each) => judge(each, sent.get(each.campaignId) ?? [], minutes));
  const total = (name: 'quiet' | 'missed' | 'early') => verdicts.reduce((sum, verdict) => sum + verdict[name], 0);
  return {
    ...outcome(found, {
      injected: planned.length,
      misses: (['quiet', 'missed', 'early'] as const).map((name) => total(name) > 0 && `${name} ${total(name)}`),
      note: `${minutes.length} minutes, sent in quiet hours ${total('quiet')}, schedules missed ${total('missed')}, too early ${total('early')}`,
    }),
    name: `F16 ${zone} ${day}`,
  };
}

/** From the evening before to the noon after. */
const minutesOf = ({ ask }: Stage, zone: string, day: string): Promise<Minute[]> =>
  ask<Minute>(
    `select m as at, to_char(m at time zone $1, 'YYYY-MM-DD"T"HH24:MI') as local
     from generate_series(($2 || ' 12:00')::timestamp at time zone $1 - interval '18 hours',
                          ($2 || ' 12:00')::timestamp at time zone $1, interval '1 minute') m order by m`,
    [zone, day],
  );

async function planAll(stage: Stage, zone: string, day: string, now: Date): Promise<Planned[]> {
  const planned: Planned[] = [];
  const { quiet: windows, times: hours } = stage.options.short ? FEW : { quiet: QUIET, times: TIMES };
  for (const quiet of windows) {
    const world = await makeWorld(stage, { recipients: 3, timezone: zone, quietHours: quiet, cap: 0, now });
    const evening = new Date(`${day}T12:00:00Z`);
    evening.setUTCDate(evening.getUTCDate() - 1);
    const before = evening.toISOString().slice(0, 10);
    const times = hours.map((time) => `${time === '23:00' ? before : day}T${time}`);
    for (const scheduled of [...times, null]) {
      const scheduledAt = scheduled === null ? null : localMoment(scheduled, zone);
      const campaignId = await launchTo(stage, world, { scheduledAt, now });
      planned.push({ world, campaignId, quiet, scheduled, launchedAt: now });
    }
  }
  return planned;
}

/** What the queue would wake at that moment: what is due by then, or was wanted at once. */
async function dueJobs({ ask }: Stage, planned: readonly Planned[], now: Date): Promise<string[]> {
  const companies = [...new Set(planned.map(({ world }) => world.company.id))];
  const rows = await ask<{ id: string }>(
    `update job set due_at = least(due_at, now())
     where name = 'campaign.send' and company_id = any($1) and (due_at <= $2 or due_at = created_at) returning id`,
    [companies, now],
  );
  return rows.map(({ id }) => id);
}

async function byCampaign(
  { ask, standin }: Stage,
  planned: readonly Planned[],
  first: number,
  sentAt: readonly Minute[],
): Promise<Map<string, Minute[]>> {
  const ids = planned.map(({ campaignId }) => campaignId);
  const rows = await ask<{ id: string; campaign_id: string }>(
    'select id, campaign_id from delivery where campaign_id = any($1)',
    [ids],
  );
  const campaignOf = new Map(rows.map(({ id, campaign_id }) => [id, campaign_id]));
  const sent = new Map<string, Minute[]>(ids.map((id) => [id, []]));
  for (const [at, minute] of sentAt.entries()) {
    const message = standin.taken[first + at];
    sent.get(campaignOf.get((message && deliveryOf(message)) ?? '') ?? '')?.push(minute);
  }
  return sent;
}

async function checkAll(stage: Stage, planned: readonly Planned[]): Promise<Findings> {
  const worlds = [...new Set(planned.map(({ world }) => world))];
  const all = await Promise.all(
    worlds.map((world) =>
      check(
        stage,
        world,
        planned.filter((each) => each.world === world).map(({ campaignId }) => campaignId),
      ),
    ),
  );
  return add(all);
}

/** Against the first minute at which the wall shows its time, or a later one, and nothing is quiet. */
function judge({ quiet, scheduled, launchedAt }: Planned, sent: readonly Minute[], minutes: readonly Minute[]) {
  const due = minutes.find(
    ({ at, local }) => at >= launchedAt && (scheduled === null || local >= scheduled) && !isQuiet(local, quiet),
  );
  return {
    quiet: sent.filter(({ local }) => isQuiet(local, quiet)).length,
    missed: sent.length === 0 || sent.some(({ at }) => !due || at > due.at) ? 1 : 0,
    early: sent.filter(({ at }) => due && at < due.at).length,
  };
}

function isQuiet(local: string, quiet: string | null): boolean {
  if (quiet === null) return false;
  const time = local.slice(11);
  const [from = '', to = ''] = quiet.split('-').map((each) => each.padStart(5, '0'));
  return from < to ? from <= time && time < to : time >= from || time < to;
}
