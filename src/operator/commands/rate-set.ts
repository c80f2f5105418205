import { reconvert } from '../../ingest/ingest.ts';
import { newRate, setRate } from '../../rates/rates.ts';
import { command, SWITCH, value } from '../command.ts';
import { type Desk, inPortal } from '../desk.ts';

const CURRENCY = 'must be an ISO 4217 code such as EUR';
const { from, to, rate, day } = newRate.shape;

/**
 * `rate:set --from --to --rate --date [--recompute]`: 1 unit of `from` is `rate` units of `to`, in force from that day until the
 * next rate (P-47). Stored orders keep their amounts unless `--recompute` is given.
 */
export const rateSet = command({
  flags: {
    from: value(from, CURRENCY),
    to: value(to, CURRENCY),
    rate: value(rate, 'must be a decimal number above zero such as 44.85'),
    date: value(day, 'must be a day such as 2026-11-20'),
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
