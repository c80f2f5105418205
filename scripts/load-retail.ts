import { parseArgs } from 'node:util';
import { isDay } from '../src/kernel/time.ts';
import { readConfig } from '../src/platform/config.ts';
import { withLocalKey } from './retail/local.ts';
import { loadFile } from './retail/run.ts';

/**
 * `npm run load:retail -- <file.csv|file.csv.gz> [--url http://localhost:3000] [--company <slug>] [--key <key>] [--newest <day>]
 * [--concurrency 3] [--verify]`
 *
 * Loads a file of UCI "Online Retail" through the ingest API of a running portal. Without `--key`, run beside the portal, it makes
 * the company (`retail`, GBP, Europe/London, unless named) and a key by itself, which it revokes at the end. The rules:
 * - the lines of one InvoiceNo are one order, in GBP, with the goods as items; codes that are no product (POST, DOT, M …) stay in it;
 * - days are moved as a whole so that the newest order is yesterday (`--newest`: that day), times of day stay, in London;
 * - an invoice `C…` is an order of status cancelled, its quantities made positive; all others are completed;
 * - an invoice without CustomerID is an order without contacts; `17850.0` is customer 17850, and who that is says `personOf`;
 * - left out, each line counted under the first reason that fits: what cannot be read, bad debt (invoices `A…`), corrections
 *   (quantity not above zero outside a cancellation, not below zero in one, or a negative price), prices that are no whole number
 *   of pence above zero, and exact duplicates within an invoice;
 * - an invoice of which no line is left is no order.
 * Every line read is in an order or under a reason, or the exit code is 1. Loading the same file again on the same day adds and
 * changes nothing. The expected figures are counted from the file in another way; `--verify` compares them with the list of the
 * company, which must hold nothing else.
 */
async function main(): Promise<boolean> {
  const { url, company, key, ...wishes } = readWishes();
  const run = (bearer: string) =>
    loadFile({ ...wishes, target: { url, company, key: bearer }, now: new Date(), out: process.stdout });
  return key === undefined ? withLocalKey(process.env, company, run) : run(key);
}

function readWishes() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      company: { type: 'string', default: 'retail' },
      key: { type: 'string' },
      newest: { type: 'string' },
      concurrency: { type: 'string', default: '3' },
      verify: { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error('which file? npm run load:retail -- <file.csv.gz>');
  const concurrency = Number(values.concurrency);
  if (![1, 2, 3, 4].includes(concurrency)) throw new Error('--concurrency must be 1 to 4');
  if (values.newest !== undefined && !isDay(values.newest))
    throw new Error('--newest must be a day such as 2026-11-20');
  const url = values.url ?? `http://localhost:${readConfig({ ...process.env, NODE_ENV: undefined }).port}`;
  const { company, key, newest, verify } = values;
  return { file, url: url.replace(/\/+$/, ''), company, key, newest, concurrency, verify };
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
