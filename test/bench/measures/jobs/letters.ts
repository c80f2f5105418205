import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import * as outbox from '../../../../src/outbox/outbox.ts';
import { openMailer } from '../../../../src/platform/mail.ts';
import { type JobFigures, type JobStage, timed } from './job-stage.ts';

const LETTERS = 300;

/** Letter after letter to a mail server on this machine; each is a row that is read, sent, and marked as sent. */
export async function letters({ services, main, ask }: JobStage): Promise<JobFigures> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _, done) => stream.on('end', done).resume(),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const mailer = openMailer({ smtpUrl, mailFrom: 'bench@example.com' });
  const transport = createTransport({ url: smtpUrl, pool: true });
  try {
    const rows = await ask<{ id: string }>(WAITING, [main, LETTERS]);
    const ours = await timed(async () => {
      for (const { id } of rows) await outbox.send(services, mailer, id);
    });
    const [unsent] = await ask<{ count: number }>(UNSENT);
    if (unsent?.count !== 0) throw new Error(`${unsent?.count} letters were not sent`);
    const bare = await timed(async () => {
      for (let n = 0; n < LETTERS; n++)
        await transport.sendMail({ from: 'bench@example.com', to: 'a@example.com', subject: 'Bench', text: 'Hello' });
    });
    return { ours, bare, note: `${LETTERS} letters` };
  } finally {
    mailer?.close();
    transport.close();
    await ask(CLEAR);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const WAITING = `
  insert into outbox (id, company_id, channel, address, subject, body, state)
  select gen_random_uuid(), $1, 'email', 'a@example.com', 'Bench', 'Hello', 'waiting' from generate_series(1, $2::int) returning id`;
const UNSENT = `select count(*)::int as count from outbox where subject = 'Bench' and state <> 'sent'`;
const CLEAR = `delete from outbox where subject = 'Bench'`;
