import { parseArgs } from 'node:util';

export interface Options {
  /** ids of faults; empty: all */
  only: readonly string[];
  seed: number;
  /** a minute instead of half an hour: a few of each */
  short: boolean;
  /** of the big campaign */
  recipients: number;
  /** how often a worker is killed in it */
  kills: number;
  /** a file for the rows as JSON; null: none */
  json: string | null;
}

/** `--only F1,F8 --seed 7 --short --recipients 5000 --kills 50 --json FILE` */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      recipients: { type: 'string' },
      kills: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { short } = values;
  return {
    only: values.only.split(',').filter((id) => id !== ''),
    seed: whole('seed', values.seed),
    short,
    recipients: whole('recipients', values.recipients ?? (short ? '200' : '5000')),
    kills: whole('kills', values.kills ?? (short ? '3' : '50')),
    json: values.json ?? null,
  };
}

function whole(name: string, text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text}: wanted is a whole number`);
}
