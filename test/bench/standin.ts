import { writeFileSync } from 'node:fs';
import { startStandin } from '../standin/twilio.ts';

// The stand-in for Twilio as a program of its own: answers within a few milliseconds, tells nothing of what becomes of a message, and
// writes down what it took when it ends.
const [port, token = '', journal = ''] = process.argv.slice(2);
const standin = await startStandin({ token, port: Number(port), knobs: { latency: [2, 5] } });

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    writeFileSync(journal, JSON.stringify(standin.taken.map(({ sid, to }) => ({ sid, to }))));
    process.exit(0);
  });
}
