import { baselines } from './baselines/baselines.ts';
import { callbacks } from './callbacks.ts';
import { clocks } from './clocks.ts';
import { foreign } from './data/foreign.ts';
import { full } from './data/full.ts';
import { imports } from './data/imports.ts';
import { onePhone } from './data/one-phone.ts';
import { pairs } from './data/pairs.ts';
import { poisoned } from './data/poisoned.ts';
import { walls } from './data/walls.ts';
import { databaseFalls } from './database.ts';
import { deploy } from './deploy/deploy.ts';
import { forged } from './forged.ts';
import { kills } from './kills.ts';
import { migrations } from './migrations/migrations.ts';
import { queueFalls } from './queue.ts';
import type { Outcome } from './report.ts';
import { restores } from './restore/restore.ts';
import type { Stage } from './stage.ts';
import { stalls } from './stalls.ts';
import { stops } from './stops.ts';
import { killedIngest } from './web/killed-ingest.ts';
import { login } from './web/login.ts';
import { mail } from './web/mail.ts';
import { oversize } from './web/oversize.ts';
import { slow } from './web/slow.ts';
import { tooMany } from './web/too-many.ts';
import { unclear } from './web/unclear.ts';

/** `hypothesis`: what is claimed to hold, written before the run. */
export interface Fault {
  id: string;
  hypothesis: string;
  run(stage: Stage): Promise<Outcome[]>;
}

const FAULTS: readonly Fault[] = [
  {
    id: 'F1',
    hypothesis:
      'a worker killed in mid-campaign, and a provider that does not say what it did: nobody gets two, nobody is lost',
    run: kills,
  },
  {
    id: 'baselines',
    hypothesis:
      'the same kills: a cursor moved when it fetches, and "completed" written first, lose people and write twice',
    run: baselines,
  },
  {
    id: 'F2',
    hypothesis:
      'the web process is killed while it takes in orders: what was acknowledged is there, once, however often it was posted',
    run: killedIngest,
  },
  {
    id: 'F3',
    hypothesis:
      'a worker that stands still for longer than its lease and wakes writes nothing over what others have found',
    run: stalls,
  },
  {
    id: 'F4',
    hypothesis: 'PostgreSQL falls, or cuts everybody off, in mid-campaign: the same worker goes on by itself',
    run: databaseFalls,
  },
  {
    id: 'F5',
    hypothesis: 'Redis is flushed, killed, or not there at all: campaigns are found again in the rows',
    run: queueFalls,
  },
  {
    id: 'F6',
    hypothesis:
      'three creates in ten are too many (429): everybody gets one, and nobody is called before the wait is over',
    run: tooMany,
  },
  {
    id: 'F7',
    hypothesis:
      'half of all creates do not say whether they were done: nobody gets two, and what the provider knows settles the rest',
    run: unclear,
  },
  {
    id: 'F8',
    hypothesis:
      'callbacks several times, in any order, before the answer, about messages nobody made: the highest word stays',
    run: callbacks,
  },
  {
    id: 'F9',
    hypothesis: 'what Twilio did not sign, or signed for something else, changes no row; neither does what comes again',
    run: forged,
  },
  {
    id: 'F10',
    hypothesis: 'after STOP was acknowledged nothing leaves to that number, in no campaign',
    run: stops,
  },
  {
    id: 'F11',
    hypothesis:
      'no room on the disk: whoever exports or imports is told so, nothing can be taken, nothing stays behind',
    run: full,
  },
  {
    id: 'F12',
    hypothesis:
      'a mail server that is away, silent, busy or forgetful: nobody waits for it, and every letter arrives, or says why it cannot',
    run: mail,
  },
  {
    id: 'F13',
    hypothesis:
      'broken files, and a worker that is killed while it reads good ones: each row is right or refused with a reason, and the same file again adds nothing',
    run: imports,
  },
  {
    id: 'F14',
    hypothesis: 'two moderators at one review in the same moment: one decides, the other is told who did',
    run: pairs,
  },
  {
    id: 'F15',
    hypothesis: 'everybody orders at once under one phone, written in all ways: one customer, whose total is right',
    run: onePhone,
  },
  {
    id: 'F16',
    hypothesis: 'when clocks change, nothing leaves in quiet hours, and each schedule is kept once',
    run: clocks,
  },
  {
    id: 'F17',
    hypothesis:
      'bodies and headers beyond all measure are refused before they are read; neither memory nor anybody else suffers',
    run: oversize,
  },
  {
    id: 'F19',
    hypothesis:
      'by every route and in every way there is to name it, what another company has is as what is not there: status, words and time',
    run: foreign,
  },
  {
    id: 'F20',
    hypothesis:
      'without the application, and through one connection that all share: the database itself shows no company a row of another',
    run: walls,
  },
  {
    id: 'F21',
    hypothesis:
      'texts and names that engines of templates would run are refused or printed as they are, and cost what was told',
    run: poisoned,
  },
  {
    id: 'F22',
    hypothesis:
      'a backup of the middle of a campaign is restored: nobody is written to twice, STOPs and erasures hold, nobody comes back',
    run: restores,
  },
  {
    id: 'deploy',
    hypothesis: 'web and worker processes are replaced one after the other: no request fails, no job is run twice',
    run: deploy,
  },
  {
    id: 'F18',
    hypothesis:
      'a thousand connections that are slow to ask, to send or to read: others notice nothing, and they are freed',
    run: slow,
  },
  {
    id: 'login',
    hypothesis: 'whoever tries passwords by the thousand gets a few an hour, and keeps no honest person out',
    run: login,
  },
  {
    id: 'migrations',
    hypothesis:
      'each migration is applied to a full database while people read and write: nobody is kept from a table for longer than a second',
    run: migrations,
  },
];

export function faultsFor(only: readonly string[]): readonly Fault[] {
  const strange = only.find((id) => !FAULTS.some((fault) => fault.id === id));
  if (strange) throw new Error(`--only ${strange}: known are ${FAULTS.map(({ id }) => id).join(', ')}`);
  return FAULTS.filter(({ id }) => only.length === 0 || only.includes(id));
}
