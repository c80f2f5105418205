import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { watchMemory } from '../../bench/processes.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { sleep, until } from '../wait.ts';
import { makeWorld } from '../world.ts';
import { probing } from './probe.ts';
import { type Browser, signedIn } from './visitor.ts';

/** Longer than the server has patience with anybody. */
const MOST_SECONDS = 130;
const TRICKLE = 5000;
const MOST_P99 = 2000;

type Manner = 'headers' | 'body' | 'reading' | 'silence';

/** F18: so many connections at a time that are slow in each manner, and a person at work beside them. */
export async function slow(stage: Stage): Promise<Outcome[]> {
  const { options } = stage;
  const { company } = await makeWorld(stage, { recipients: 50 });
  const user = await signedIn(stage, company);
  const ask = async () => (await user.get('/customers')).status === 200;
  const calm = await probing(ask, () => sleep(options.short ? 1000 : 10_000));
  const outcomes: Outcome[] = [];
  for (const manner of ['headers', 'body', 'reading', 'silence'] as const) {
    outcomes.push(await besides(stage, manner, user, calm.p99));
  }
  user.close();
  return outcomes;
}

async function besides(stage: Stage, manner: Manner, user: Browser, calm: number): Promise<Outcome> {
  const { options, port, web } = stage;
  const ask = async () => (await user.get('/customers')).status === 200;
  const stylesheet = /href="(\/assets\/[^"]*\.css)"/.exec((await user.get('/customers')).body)?.[1] ?? '/login';
  const held = openFiles(web.pid);
  const crowd = openCrowd(port, manner, options.connections, stylesheet);
  const {
    result: met,
    max,
    start,
  } = await watchMemory(web.pid, () => probing(ask, () => sleep(options.seconds * 1000)));
  const began = performance.now();
  // A short run does not wait for the server's patience to end.
  const freed = options.short ? null : await until(() => openFiles(web.pid) <= held + MARGIN, MOST_SECONDS, 200);
  const seconds = options.seconds + (performance.now() - began) / 1000;
  const left = openFiles(web.pid) - held;
  crowd.end();
  const p99 = Math.max(MOST_P99, 3 * calm);
  return plain({
    name: `F18 slow ${manner}`,
    injected: options.connections,
    operations: met.asked,
    lost: met.failed,
    recovery: freed ? [seconds] : [],
    misses: [
      crowd.connected() < options.connections && `only ${crowd.connected()} connections were made`,
      freed === false && `${left} connections are never freed`,
      met.p99 > p99 && `p99 ${met.p99} ms`,
      !web.running() && 'the process did not survive',
    ],
    note: `pages of somebody else: ${met.asked - met.failed} of ${met.asked}, p99 ${met.p99} ms (${calm} ms in peace); memory ${Math.round(start)} MB, at most ${Math.round(max)} MB${freed ? `; all freed at the latest ${seconds.toFixed(0)} s after the first was opened` : ''}`,
  });
}

// What the process opens and closes for itself.
const MARGIN = 20;

/** Files and sockets that a process holds; 0 where the system does not tell (not Linux). */
function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

const BEGINNINGS: Record<Manner, (file: string) => string> = {
  headers: () => 'GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n',
  body: () =>
    'POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8000\r\n\r\nemail=',
  reading: (file) => `GET ${file} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
  silence: () => '',
};

const MORE: Partial<Record<Manner, () => string>> = {
  headers: () => `X-${Math.round(performance.now())}: 1\r\n`,
  body: () => 'x',
};

/** Connections that bring a little now and then, or take nothing of what they asked for. Not all come in the same moment. */
function openCrowd(port: number, manner: Manner, count: number, file: string) {
  const sockets: Socket[] = [];
  let connected = 0;
  const open = () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.once('connect', () => void connected++);
    if (manner === 'reading') socket.pause();
    else socket.resume();
    const beginning = BEGINNINGS[manner](file);
    if (beginning !== '') socket.write(beginning);
    sockets.push(socket);
  };
  const opening = setInterval(() => {
    for (let n = 0; n < OPENED && sockets.length < count; n++) open();
  }, OPENING);
  const trickling = setInterval(() => {
    for (const socket of sockets) {
      if (socket.destroyed) continue;
      const more = MORE[manner]?.();
      if (more && socket.writable) socket.write(more);
    }
  }, TRICKLE);
  return {
    connected: () => connected,
    end: () => {
      clearInterval(opening);
      clearInterval(trickling);
      for (const socket of sockets) socket.destroy();
    },
  };
}

const [OPENED, OPENING] = [20, 50];
