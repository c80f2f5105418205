import { setTimeout as pause } from 'node:timers/promises';
import { assetUrl } from '../../src/web/assets.ts';
import { call, site } from '../bench/load.ts';
import type { Attacker } from './people.ts';
import { runProgram } from './program.ts';
import type { Finding } from './report.ts';
import type { Stage } from './stage.ts';

/** Ways to be slow: headers that never end, a body that trickles, ranges of a file, an answer that is hardly read. */
const WAYS = [
  ['-H', 'slow headers', '/login'],
  ['-B', 'slow body', '/login'],
  ['-R', 'ranges', assetUrl('tabler.css')],
  ['-X', 'slow reading', assetUrl('tabler.css')],
] as const;

/** Holds so many connections at once in each way, while somebody honest goes on working. */
export async function slowhttptest(
  stage: Stage,
  attacker: Attacker,
): Promise<{ findings: Finding[]; note: string; requests: number }> {
  const { connections } = stage.options;
  const [findings, notes]: [Finding[], string[]] = [[], []];
  for (const [flag, name, path] of WAYS) {
    const honest = probe(stage);
    const output = await hold(stage, attacker, flag, path);
    const { asked, failed, longest } = await honest.stop();
    const downs = output.match(/service available:\s+NO/g)?.length ?? 0;
    if (failed > 0) findings.push({ what: `${failed} of ${asked} honest requests got no answer`, where: name });
    if (longest > PATIENCE)
      findings.push({ what: `an honest request took ${(longest / 1000).toFixed(1)} s`, where: name });
    if (downs > 0 && failed > 0) findings.push({ what: 'the tool found the service down', where: name });
    notes.push(`${name}: ${asked} honest requests, longest ${longest.toFixed(0)} ms`);
  }
  return { findings, note: notes.join(', '), requests: WAYS.length * connections };
}

/** Milliseconds; nobody waits longer for a page. */
const PATIENCE = 5000;

function hold(stage: Stage, { headers }: Attacker, flag: string, path: string): Promise<string> {
  const { seconds, connections } = stage.options;
  const many = ['-c', String(connections), '-r', '500', '-l', String(seconds), '-i', '5', '-p', '5', '-v', '1'];
  const cookie = headers.cookie ? ['-j', headers.cookie] : [];
  const slowly = flag === '-X' ? ['-w', '10', '-y', '20', '-n', '3', '-z', '5', '-k', '3'] : [];
  return runProgram('slowhttptest', [flag, ...many, ...slowly, ...cookie, '-u', `${stage.url}${path}`], {
    folder: stage.scratch,
    log: `slow${flag}-${connections}`,
    seconds: seconds + 30,
  });
}

/** Somebody signed in who opens a page every quarter of a second. */
function probe({ attackers }: Stage) {
  const { headers, site: at } = attackers.owner;
  const honest = site(at.port, { ...headers });
  const taken: number[] = [];
  let [failed, going] = [0, true];
  const work = (async () => {
    while (going) {
      const started = performance.now();
      const right = await call(honest, '/customers', { seconds: 10 }).then(
        ({ status }) => status === 200,
        () => false,
      );
      taken.push(performance.now() - started);
      if (!right) failed++;
      await pause(250);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await work;
      return { asked: taken.length, failed, longest: Math.max(...taken) };
    },
  };
}
