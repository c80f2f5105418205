import { writeFileSync } from 'node:fs';
import { startStandin } from '../standin/twilio.ts';

// The stand-in for Twilio as a program of its own: answers within a few milliseconds, tells of some messages what became of them, and
// writes down what it took when it ends.
const [port, token = '', journal = '', callbacks = '0'] = process.argv.slice(2);
const standin = await startStandin({
  token,
  port: Number(port),
  knobs: {
    latency: [5, 50],
    callbacks: {
      ...{ copies: [1, 1], shuffled: false, early: 0, delay: [200, 5000], undelivered: 0.02 },
      lost: 1 - Number(callbacks),
    },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    const { refused } = standin.told();
    writeFileSync(journal, JSON.stringify({ refused, taken: standin.taken.map(({ sid, to }) => ({ sid, to })) }));
    process.exit(0);
  });
}
