import { readFile } from 'node:fs/promises';
import { translator } from '../../platform/i18n.ts';
import { type LineError, readPrices, setPrices } from '../../senders/senders.ts';
import { command, SWITCH, word } from '../command.ts';
import { inPortal } from '../desk.ts';
import { OperatorError } from '../error.ts';

/**
 * `prices:load --file <path> [--replace]`: lines of `channel,country,price,currency`, the price of one part. All of it, or nothing and what is
 * wrong. `--replace`: what is not in the file has no price any more.
 */
export const pricesLoad = command({
  flags: { file: word(4000), replace: SWITCH },
  run: async (desk, { file, replace }) => {
    const read = readPrices(await contentOf(file));
    if ('errors' in read) throw new OperatorError(`--file ${file}: ${read.errors.map(lineOf).join('; ')}`);
    const done = await inPortal(desk, (db) => setPrices(db, read.prices, { replace, by: null }));
    return { prices: read.prices.length, ...done };
  },
});

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new OperatorError(`--file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function lineOf({ line, message, value }: LineError): string {
  const t = translator('en');
  return t('admin.prices.line', { line, what: t(`admin.prices.wrong.${message}`, { value }) });
}
