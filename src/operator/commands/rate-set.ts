import { reconvert } from '../../ingest/ingest.ts';
import { isCurrency, isRate } from '../../kernel/money.ts';
import { isDay } from '../../kernel/time.ts';
import { setRate } from '../../rates/rates.ts';
import { command, SWITCH, word } from '../command.ts';
import { type Desk, inPortal } from '../desk.ts';

const currency = word(100).refine(isCurrency, 'must be an ISO 4217 code such as EUR');

/**
 * `rate:set --from --to --rate --date [--recompute]`: 1 unit of `from` is `rate` units of `to`, in force from that day until the
 * next rate (P-47). Stored orders keep their amounts unless `--recompute` is given.
 */
export const rateSet = command({
  flags: {
    from: currency,
    to: currency,
    rate: word(100)
      .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal number above zero such as 44.85')
      .refine(isRate, 'must be a decimal number above zero such as 44.85'),
    date: word(100).refine(isDay, 'must be a day such as 2026-11-20'),
    recompute: SWITCH,
  },
  check: ({ from, to }) => (from === to ? '--from and --to must be two currencies' : null),
  run: async (desk, { recompute, date, ...rate }) => {
    await inPortal(desk, (db) => setRate(db, { ...rate, day: date }, null));
    return { ...rate, date, ...(recompute && { recomputed: await reconvertAll(desk, rate, date) }) };
  },
});

/** One company after the other, in short transactions: the portal goes on beside it. */
async function reconvertAll({ tenancy }: Desk, { from, to }: { from: string; to: string }, day: string) {
  const done: { company: string; orders: number; customers: number }[] = [];
  for (const company of await tenancy.companiesOfOperator()) {
    if (company.currency !== to) continue;
    done.push({ company: company.slug, ...(await reconvert(tenancy, company, from, day)) });
  }
  return done;
}
