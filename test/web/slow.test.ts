import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePort } from '../../src/platform/postgres.ts';
import { type Listener, openListener } from '../../src/web/listener.ts';

const PATIENCE = { headers: 300, request: 600, silence: 900, idle: 2000, check: 50 };
const LONG = 'x'.repeat(64 * 1024 * 1024);

let listener: Listener;
let port: number;
/** a long answer is given up, or was sent to its end */
let gone: () => void = () => {};
const sockets: Socket[] = [];
beforeEach(async () => {
  port = await freePort();
  const answer: Parameters<typeof openListener>[0] = (req, res) => {
    if (req.url === '/long') {
      res.once('close', gone);
      return void res.end(LONG);
    }
    req.resume();
    req.once('end', () => res.end('ok'));
  };
  listener = await openListener(answer, port, PATIENCE);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener.leave(0);
});

test.each([
  ['that never says anything', ''],
  ['whose headers never end', 'GET / HTTP/1.1\r\nHost: x\r\nX-A'],
  ['whose body never ends', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na'],
])('a connection %s is closed, and others are answered meanwhile', async (_name, text) => {
  const slow = open(text);
  const closed = once(slow, 'close');
  // A byte now and then does not help.
  const timer = setInterval(() => text !== '' && slow.writable && slow.write('a'), 20);
  slow.resume();
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('ok');
  await closed;
  clearInterval(timer);
});

test('a connection that does not read its answer is closed', async () => {
  const over = new Promise<void>((done) => {
    gone = done;
  });
  open('GET /long HTTP/1.1\r\nHost: x\r\n\r\n').pause();
  await expect(over).resolves.toBeUndefined();
});

function open(text: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  if (text !== '') socket.write(text);
  sockets.push(socket);
  return socket;
}
