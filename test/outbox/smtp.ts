import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface TestSmtp {
  url: string;
  /** what was accepted, in order */
  letters: { to: string[]; mail: Email; raw: string }[];
  /** Answers every letter like this from now on; null: accepts it. */
  answer(reply: { code: number; text: string; at: 'recipient' | 'data' } | null): void;
  close(): Promise<void>;
}

/** A mail server on this machine. */
export async function startSmtp(): Promise<TestSmtp> {
  const letters: TestSmtp['letters'] = [];
  let reply: Parameters<TestSmtp['answer']>[0] = null;
  const refusal = (at: 'recipient' | 'data') =>
    reply?.at === at ? Object.assign(new Error(reply.text), { responseCode: reply.code }) : null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => done(refusal('recipient')),
    onData: async (stream, session, done) => {
      const raw = await buffer(stream);
      const refused = refusal('data');
      if (refused) return done(refused);
      const to = session.envelope.rcptTo.map(({ address }) => address);
      letters.push({ to, mail: await PostalMime.parse(raw), raw: raw.toString() });
      done();
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    answer: (next) => {
      reply = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
