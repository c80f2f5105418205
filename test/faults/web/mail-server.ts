import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../../../src/platform/postgres.ts';

/** `refuse`: nobody listens; `hang`: never greets; 451 and 550: to every recipient; `drop`: takes the letter and cuts before it says so. */
export type Mood = 'fine' | 'refuse' | 'hang' | '451' | '550' | 'drop';

export interface Taken {
  messageId: string;
  to: string;
}

export interface MailServer {
  url: string;
  /** what it has taken, whatever it said then */
  taken: readonly Taken[];
  /** how often somebody tried: connections, or recipients where it came so far */
  tries(): number;
  turn(mood: Mood): Promise<void>;
  close(): Promise<void>;
}

/** A mail server on this machine, as moody as wanted, always at the same port. */
export async function startMailServer(): Promise<MailServer> {
  const port = await freePort();
  const taken: Taken[] = [];
  const sockets = new Set<Socket>();
  let mood: Mood = 'fine';
  let tries = 0;
  let server: Server | null = null;

  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    if (mood === 'hang') return void tries++;
    let [text, to, reading] = ['', '', false];
    const say = (line: string) => void socket.write(`${line}\r\n`);
    const hear = (line: string) => {
      const word = line.slice(0, 4).toUpperCase();
      if (word === 'EHLO' || word === 'HELO') return say('250 here');
      if (word === 'QUIT') return void socket.end('221 bye\r\n');
      if (word === 'DATA') {
        reading = true;
        return say('354 go on');
      }
      if (word !== 'RCPT') return say('250 fine');
      tries++;
      to = /<([^>]*)>/.exec(line)?.[1] ?? '';
      say(mood === '451' ? '451 come back later' : mood === '550' ? '550 no such mailbox' : '250 fine');
    };
    const take = (letter: string) => {
      reading = false;
      taken.push({ to, messageId: /^Message-ID: *(\S+)/im.exec(letter)?.[1] ?? '' });
      if (mood === 'drop') return void socket.destroy();
      say('250 taken');
    };
    socket.on('data', (data) => {
      text += data.toString('latin1');
      for (let end = text.indexOf(reading ? END : '\r\n'); end >= 0; end = text.indexOf(reading ? END : '\r\n')) {
        const piece = text.slice(0, end);
        text = text.slice(end + (reading ? END.length : 2));
        if (reading) take(piece);
        else hear(piece);
      }
    });
    say('220 here');
  };
  const open = () =>
    new Promise<void>((done) => {
      server = createServer(serve).listen(port, '127.0.0.1', done);
    });
  const shut = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => {
      if (!server) return done();
      server.close(() => done());
    });
    server = null;
  };
  await open();
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    tries: () => tries,
    // Who is connected to a server of another mood is not served by it any more.
    turn: async (next) => {
      await shut();
      mood = next;
      if (next !== 'refuse') await open();
    },
    close: shut,
  };
}

const END = '\r\n.\r\n';
