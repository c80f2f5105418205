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
  const crowd = openCrowd(port, manner, options.connections, user.cookie);
  const {
    result: met,
    max,
    start,
  } = await watchMemory(web.pid, () => probing(ask, () => sleep(options.seconds * 1000)));
  // A short run does not wait for the server's patience to end.
  const freed = options.short ? null : await until(() => crowd.open() === 0, MOST_SECONDS, 100);
  const seconds = crowd.lastClosed();
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
      freed === false && `${crowd.open()} connections are never freed`,
      met.p99 > p99 && `p99 ${met.p99} ms`,
      !web.running() && 'the process did not survive',
    ],
    note: `pages of somebody else: ${met.asked - met.failed} of ${met.asked}, p99 ${met.p99} ms (${calm} ms in peace); memory ${Math.round(start)} MB, at most ${Math.round(max)} MB${freed ? `; the last connection was freed after ${seconds.toFixed(0)} s` : ''}`,
  });
}

const BEGINNINGS: Record<Manner, (cookie: string) => string> = {
  headers: () => 'GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n',
  body: () =>
    'POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8000\r\n\r\nemail=',
  reading: (cookie) => `GET /customers HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n\r\n`,
  silence: () => '',
};

const MORE: Partial<Record<Manner, () => string>> = {
  headers: () => `X-${Math.round(performance.now())}: 1\r\n`,
  body: () => 'x',
};

/** Connections that bring or take a little now and then, so that none of them is idle. */
function openCrowd(port: number, manner: Manner, count: number, cookie: string) {
  const began = performance.now();
  let [open, connected, lastClosed] = [0, 0, 0];
  const sockets = Array.from({ length: count }, (): Socket => {
    const socket = connect(port, '127.0.0.1');
    open++;
    socket.on('error', () => {});
    socket.once('connect', () => void connected++);
    socket.once('close', () => {
      open--;
      lastClosed = (performance.now() - began) / 1000;
    });
    if (manner === 'reading') socket.pause();
    else socket.resume();
    const beginning = BEGINNINGS[manner](cookie);
    if (beginning !== '') socket.write(beginning);
    return socket;
  });
  const timer = setInterval(() => {
    for (const socket of sockets) {
      if (socket.destroyed) continue;
      const more = MORE[manner]?.();
      if (more && socket.writable) socket.write(more);
      if (manner === 'reading') socket.read(32);
    }
  }, TRICKLE);
  return {
    open: () => open,
    connected: () => connected,
    lastClosed: () => lastClosed,
    end: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
