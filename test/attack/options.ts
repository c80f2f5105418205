import { parseArgs } from 'node:util';

export interface Options {
  /** names of tools; empty: all */
  only: readonly string[];
  /** names of those as whom is attacked; empty: all */
  as: readonly string[];
  seed: number;
  /** some of each, in minutes */
  short: boolean;
  /** how long each kind of slow connection is held */
  seconds: number;
  /** of slow connections */
  connections: number;
  /** of one tool as one person, at most */
  minutes: number;
  /** a file with further hostile strings, one a line; null: our own alone */
  strings: string | null;
  /** a file for everything that was found; null: none */
  json: string | null;
}

/** `--only sqlmap,ffuf --as owner --short --seed 7 --seconds 60 --connections 1000 --minutes 20 --strings FILE --json FILE` */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      as: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      connections: { type: 'string', default: '1000' },
      minutes: { type: 'string' },
      strings: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { short } = values;
  return {
    only: names(values.only),
    as: names(values.as),
    seed: whole('seed', values.seed),
    short,
    seconds: whole('seconds', values.seconds ?? (short ? '10' : '40')),
    connections: whole('connections', values.connections),
    minutes: whole('minutes', values.minutes ?? (short ? '1' : '15')),
    strings: values.strings ?? null,
    json: values.json ?? null,
  };
}

const names = (text: string) => text.split(',').filter((name) => name !== '');

function whole(name: string, text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text}: wanted is a whole number`);
}
