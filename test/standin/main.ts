import { parseArgs } from 'node:util';
import { startStandin } from './twilio.ts';

// A stand-in for Twilio beside a portal: `npm run twilio`, then start the portal with the variables that it prints.

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    token: { type: 'string', default: 'standin-token' },
    journal: { type: 'string' },
    knobs: { type: 'string', default: '{}' },
  },
});

const standin = await startStandin({
  token: values.token,
  port: Number(values.port),
  knobs: {
    callbacks: { copies: [1, 1], shuffled: false, lost: 0, early: 0, delay: [200, 1500], undelivered: 0.02 },
    ...JSON.parse(values.knobs),
  },
  ...(values.journal === undefined ? {} : { journal: values.journal }),
});

process.stdout.write(
  [
    `TWILIO_API_URL=${standin.url}`,
    `TWILIO_ACCOUNT_SID=AC${'0'.repeat(32)}`,
    `TWILIO_AUTH_TOKEN=${values.token}`,
    'TWILIO_FROM=+15005550006',
    '',
  ].join('\n'),
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void standin.close().then(() => process.exit(0)));
}
