import { connect } from 'node:net';
import { call } from '../../bench/load.ts';
import { catalogueOf } from '../catalogue.ts';
import type { Attacker } from '../people.ts';
import type { Finding } from '../report.ts';
import type { Stage } from '../stage.ts';

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const HEAD = 'POST /login HTTP/1.1\r\nHost: x\r\n';

/** Requests that two servers in a row might read as one and as two. Each is answered once, or not at all. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  'length and chunks': `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'chunks and length': `${HEAD}Transfer-Encoding: chunked\r\nContent-Length: ${SMUGGLED.length + 5}\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'two lengths': `${HEAD}Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
  'a list of lengths': `${HEAD}Content-Length: 0, ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
  'a signed length': `${HEAD}Content-Length: +0\r\n\r\n${SMUGGLED}`,
  'an odd coding': `${HEAD}Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
  'a folded coding': `${HEAD}Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
  'a coding before a blank': `${HEAD}Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
  'two codings': `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n${SMUGGLED}`,
  'a chunk of an odd size': `${HEAD}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${SMUGGLED}`,
  'a chunk with a bare line feed': `${HEAD}Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n${SMUGGLED}`,
  'a bare return in a header': `GET /login HTTP/1.1\r\nHost: x\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n`,
  'no end of a header line': `GET /login HTTP/1.1\nHost: x\n\n${SMUGGLED}`,
  'a NUL in a header': 'GET /login HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
  'two hosts': 'GET /login HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
  'no host': 'GET /login HTTP/1.1\r\n\r\n',
};

/** Raw sockets: what is ambiguous is refused, and no header is ever written by who asks. */
export async function sockets(
  stage: Stage,
  attacker: Attacker,
): Promise<{ findings: Finding[]; note: string; requests: number }> {
  const findings: Finding[] = [];
  for (const [what, text] of Object.entries(AMBIGUOUS)) {
    const answer = await speak(stage.port, text);
    const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
    const isSmuggled = statuses.length > 1 || (statuses[0] ?? 400) < 400;
    if (isSmuggled && !HARMLESS.has(what)) findings.push({ what: `was answered ${statuses.join(', ')}`, where: what });
  }
  const shots = (await catalogueOf(stage, attacker)).filter(({ route }) => route.method === 'GET');
  let asked = 0;
  for (const { path, query } of shots) {
    for (const name of Object.keys(query)) {
      asked++;
      const { headers } = await call(attacker.site, `${path}?${new URLSearchParams({ ...query, [name]: SPLIT })}`);
      if (headers['x-odd'] !== undefined) findings.push({ what: 'writes a header', where: `${path} ${name}` });
    }
  }
  return {
    findings,
    note: `${Object.keys(AMBIGUOUS).length} ambiguous requests`,
    requests: asked + Object.keys(AMBIGUOUS).length,
  };
}

const SPLIT = 'a\r\nX-Odd: 1\r\n\r\n<html>';

/** Answered once, as one request: there is nothing behind it that could be taken for another. */
const HARMLESS = new Set(['two hosts']);

function speak(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    const timer = setTimeout(() => socket.destroy(), 1500);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
