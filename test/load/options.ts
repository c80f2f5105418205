import { parseArgs } from 'node:util';

export interface Options {
  /** people who are signed in and click */
  users: number;
  minutes: number;
  /** milliseconds between an answer and the next click, on the average */
  think: number;
  /** of the one big company */
  customers: number;
  /** rows of the file that is imported meanwhile; 0: none */
  imported: number;
  /** of the campaign that is sent meanwhile; 0: none */
  recipients: number;
  /** rows of the file that is exported meanwhile, at most all customers; 0: none */
  exported: number;
  /** processes of each kind; more than one web process stand behind a proxy of the test's own */
  web: number;
  workers: number;
  /** of how many messages the provider tells what became of them, 0 to 1 */
  callbacks: number;
  /** minutes that long work may take on after the people have gone */
  wait: number;
  seed: number;
  /** where the built database stays for the next run; null: it is made and thrown away */
  keep: string | null;
  /** a file for everything as JSON */
  json: string;
  /** whether the plots in docs/ are drawn anew */
  docs: boolean;
}

/** Throws on a flag it does not know, or a number that is none. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      users: { type: 'string', default: '200' },
      minutes: { type: 'string', default: '10' },
      think: { type: 'string', default: '8000' },
      customers: { type: 'string', default: '1000000' },
      import: { type: 'string', default: '100000' },
      recipients: { type: 'string', default: '100000' },
      export: { type: 'string', default: '1000000' },
      web: { type: 'string', default: '1' },
      workers: { type: 'string', default: '1' },
      callbacks: { type: 'string', default: '0.05' },
      wait: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'string' },
      json: { type: 'string', default: 'bench/load.json' },
      docs: { type: 'boolean', default: false },
    },
  });
  const customers = number('--customers', values.customers, 1000);
  return {
    users: number('--users', values.users, 1),
    minutes: number('--minutes', values.minutes, 0.1),
    think: number('--think', values.think, 0),
    customers,
    imported: number('--import', values.import, 0),
    recipients: Math.min(customers, number('--recipients', values.recipients, 0)),
    exported: Math.min(customers, number('--export', values.export, 0)),
    web: number('--web', values.web, 1),
    workers: number('--workers', values.workers, 1),
    callbacks: number('--callbacks', values.callbacks, 0),
    wait: number('--wait', values.wait, 0),
    seed: number('--seed', values.seed, 0),
    keep: values.keep ?? null,
    json: values.json,
    docs: values.docs,
  };
}

function number(flag: string, text: string, least: number): number {
  const value = Number(text.replaceAll('_', ''));
  if (Number.isFinite(value) && value >= least) return value;
  throw new Error(`${flag} wants a number of at least ${least}`);
}
