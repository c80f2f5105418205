import { type Line, type RawLine, type Reason, readLine } from './line.ts';
import { invoiceOf } from './survey.ts';

/** The usable lines of one invoice, at least one. */
export type Invoice = [Line, ...Line[]];

/**
 * Puts lines together: an invoice comes out as soon as all its lines have gone in. `leave` is told of every line that becomes
 * part of none. Only invoices that are not whole yet are held in memory.
 */
export async function* openInvoices(
  lines: AsyncIterable<RawLine>,
  linesOf: ReadonlyMap<string, number>,
  leave: (reason: Reason) => void,
): AsyncGenerator<Invoice> {
  const open = new Map<string, { missing: number; seen: Map<string, Line> }>();
  for await (const raw of lines) {
    const number = invoiceOf(raw);
    const invoice = open.get(number) ?? { missing: linesOf.get(number) ?? 1, seen: new Map() };
    open.set(number, invoice);
    const line = readLine(raw);
    if (typeof line === 'string') leave(line);
    else if (invoice.seen.has(keyOf(raw))) leave('duplicate');
    else invoice.seen.set(keyOf(raw), line);
    if (--invoice.missing > 0) continue;
    open.delete(number);
    const [first, ...rest] = invoice.seen.values();
    if (first) yield [first, ...rest];
  }
}

const keyOf = (raw: RawLine) => JSON.stringify(raw);
