import { call, type Site, type Target } from '../load.ts';
import type { Stage } from '../stage.ts';

const ROW = /href="\/customers\/[0-9a-f-]{36}/;
const BARE_ROW = /<td><a href="\/customers\//;

export const ourList = ({ ours }: Stage, path: string): Target => ({ site: ours.pages, path: () => path, expect: ROW });

export const bareList = ({ bare }: Stage, path: string): Target => ({ site: bare, path: () => path, expect: BARE_ROW });

/** The text of a page, with numbers as plain digits: thousands may be parted by a comma or a space. */
export async function read(site: Site, path: string): Promise<string> {
  const { status, body } = await call(site, path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return body.replace(/(?<=\d)[,\u00a0\u202f](?=\d{3})/g, '');
}

/** The yardstick must measure the same thing: what the bare page counts stands in ours. */
export async function sameNumbers(stage: Stage, ours: string, bare: string, numbers: RegExp): Promise<void> {
  const [mine, theirs] = [await read(stage.ours.pages, ours), await read(stage.bare, bare)];
  const wanted = [...theirs.matchAll(numbers)].map((match) => match[1] ?? '');
  const missing = wanted.find((number) => !new RegExp(`(?<!\\d)${number}(?!\\d)`).test(mine));
  if (wanted.length === 0 || missing !== undefined)
    throw new Error(`${ours} does not show ${missing ?? 'a number'} as ${bare} does`);
}
