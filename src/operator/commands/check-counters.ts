import { type Drift, drift } from '../../identity/identity.ts';
import { command } from '../command.ts';

/**
 * `check:counters`: recomputes every counter of every company from orders, messages and feedback, and changes nothing. Exit
 * code 1 when any differs.
 */
export const checkCounters = command({
  flags: {},
  run: async ({ tenancy }) => {
    const companies: ({ company: string } & Drift)[] = [];
    for (const company of await tenancy.companiesOfOperator()) {
      // A snapshot: arrivals go on coming in, and a million customers take longer than a short transaction may.
      const found = await tenancy.inSnapshot(company, drift);
      companies.push({ company: company.slug, ...found });
    }
    const total = companies.reduce((sum, { customers, days, uncounted }) => sum + customers + days + uncounted, 0);
    return { drift: total, companies };
  },
  failed: ({ drift }) => drift > 0,
});
