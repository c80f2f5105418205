import { type PostedOrder, postOrders, type Target } from './client.ts';
import { readFile } from './file.ts';
import { type Invoice, openInvoices } from './invoices.ts';
import type { Reason } from './line.ts';
import { orderOf } from './order.ts';
import type { Survey } from './survey.ts';

/** What became of every line and every order. */
export interface Tally {
  lines: number;
  linesInOrders: number;
  left: Map<Reason, number>;
  orders: Record<PostedOrder['status'], number>;
  /** the first orders that the API refused, with the reason */
  refusals: string[];
}

export interface Load {
  file: string;
  target: Target;
  survey: Survey;
  /** days by which orders are moved */
  shift: number;
  /** calls underway at the same time */
  concurrency: number;
  /** told after every answer */
  progress: (tally: Readonly<Tally>) => void;
}

/** Sends every order of the file to the portal, in batches. Loading the same again adds nothing. */
export async function load({ file, target, survey, shift, concurrency, progress }: Load): Promise<Tally> {
  const tally = newTally();
  const lines = counted(readFile(file), () => tally.lines++);
  const batches = inBatches(openInvoices(lines, survey.linesOf, (reason) => leave(tally, reason, 1)));
  // Several senders take their batches from the one generator, which hands each to one of them.
  const send = async () => {
    for await (const batch of { [Symbol.asyncIterator]: () => ({ next: () => batches.next() }) }) {
      count(
        tally,
        batch,
        await postOrders(
          target,
          batch.map((invoice) => orderOf(invoice, shift)),
        ),
      );
      progress(tally);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, send));
  return tally;
}

const newTally = (): Tally => ({
  lines: 0,
  linesInOrders: 0,
  left: new Map(),
  orders: { created: 0, updated: 0, unchanged: 0, rejected: 0 },
  refusals: [],
});

function leave(tally: Tally, reason: Reason, lines: number): void {
  tally.left.set(reason, (tally.left.get(reason) ?? 0) + lines);
}

async function* counted<T>(items: AsyncIterable<T>, each: () => void): AsyncGenerator<T> {
  for await (const item of items) {
    each();
    yield item;
  }
}

const MAX_ORDERS = 500;
// An invoice may have over a thousand lines, and a call at most 10 MB.
const MAX_LINES = 20_000;

async function* inBatches(invoices: AsyncIterable<Invoice>): AsyncGenerator<Invoice[]> {
  let [batch, lines]: [Invoice[], number] = [[], 0];
  for await (const invoice of invoices) {
    if (batch.length === MAX_ORDERS || lines + invoice.length > MAX_LINES) {
      if (batch.length > 0) yield batch;
      [batch, lines] = [[], 0];
    }
    batch.push(invoice);
    lines += invoice.length;
  }
  if (batch.length > 0) yield batch;
}

function count(tally: Tally, batch: readonly Invoice[], results: readonly PostedOrder[]): void {
  for (const [index, invoice] of batch.entries()) {
    const result = results[index] as PostedOrder;
    tally.orders[result.status]++;
    if (result.status !== 'rejected') {
      tally.linesInOrders += invoice.length;
      continue;
    }
    leave(tally, 'refused', invoice.length);
    const why = result.errors.map((error) => `${error.path} ${error.message}`).join('; ');
    if (tally.refusals.length < 5) tally.refusals.push(`${invoice[0].invoice}: ${why}`);
  }
}
