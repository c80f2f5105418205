import { parseArgs } from 'node:util';

export interface Options {
  /** ids of faults; empty: all */
  only: readonly string[];
  seed: number;
  /** minutes instead of hours: a few of each */
  short: boolean;
  /** of the big campaign */
  recipients: number;
  /** how often a worker, or a web process, is killed */
  kills: number;
  /** of each web process and each worker, one after the other */
  restarts: number;
  /** how often PostgreSQL falls or cuts everybody off, and Redis falls or is flushed */
  falls: number;
  /** how often a worker stands still */
  stalls: number;
  /** seconds after which a worker that was not heard of is taken for dead, and between two looks; in production 60 and 30 */
  lease: number;
  sweep: number;
  /** that are taken in while the web process is killed */
  orders: number;
  /** of a campaign through a provider that refuses or does not answer */
  messages: number;
  /** to each kind of broken mail server */
  letters: number;
  /** the largest body, in megabytes */
  megabytes: number;
  /** that are slow, at a time */
  connections: number;
  /** so long they are */
  seconds: number;
  /** to sign in */
  tries: number;
  /** of moderators, at the same case */
  pairs: number;
  /** that call at a time, and how often each */
  clients: number;
  calls: number;
  /** of broken files, and of rows in the file that is cut off again and again */
  files: number;
  rows: number;
  /** of each route with an id of somebody else, and as many with one that is missing; 0: times are not compared */
  samples: number;
  /** through one connection */
  requests: number;
  /** to be sent and counted */
  sms: number;
  /** in the database that migrations are tried on */
  customers: number;
  /** a file for the rows as JSON; null: none */
  json: string | null;
  /** a JSON list of hostile texts of others, and a file with a text on each line, to be tried beside our own; null: none */
  strings: string | null;
  texts: string | null;
}

/** Each size, in a run and in a short one. */
const SIZES = {
  recipients: [5000, 120],
  kills: [50, 2],
  restarts: [20, 2],
  falls: [50, 3],
  stalls: [50, 1],
  lease: [3, 3],
  sweep: [1, 1],
  orders: [20_000, 300],
  messages: [1000, 60],
  letters: [100, 6],
  megabytes: [1024, 16],
  connections: [1000, 60],
  seconds: [60, 3],
  tries: [10_000, 300],
  pairs: [1000, 8],
  clients: [64, 8],
  calls: [50, 4],
  files: [1000, 8],
  rows: [4000, 600],
  samples: [200, 0],
  requests: [10_000, 200],
  sms: [1000, 6],
  customers: [20_000, 300],
} as const satisfies Partial<Record<keyof Options, readonly [usual: number, short: number]>>;

type Size = keyof typeof SIZES;

/** `--only F1,F8 --seed 7 --short --json FILE`, and a flag for each size: `--recipients 5000 --kills 50` … */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      strings: { type: 'string' },
      texts: { type: 'string' },
      ...(Object.fromEntries(Object.keys(SIZES).map((size) => [size, { type: 'string' }])) as Record<
        Size,
        { type: 'string' }
      >),
    },
  });
  const { short } = values;
  const sizes = Object.entries(SIZES).map(([size, [usual, least]]) => {
    const given = values[size as Size];
    return [size, given === undefined ? (short ? least : usual) : whole(size, given)];
  });
  return {
    only: values.only.split(',').filter((id) => id !== ''),
    seed: whole('seed', values.seed),
    short,
    json: values.json ?? null,
    strings: values.strings ?? null,
    texts: values.texts ?? null,
    ...(Object.fromEntries(sizes) as Record<Size, number>),
  };
}

function whole(name: string, text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text}: wanted is a whole number`);
}
