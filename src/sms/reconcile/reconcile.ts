import type { Channels } from '../../platform/channels.ts';
import type { Company } from '../../tenancy/company.ts';
import { sourceOf } from './ask.ts';
import { askDoubtful } from './doubtful.ts';
import { openRound, type Round } from './round.ts';
import { type Effort, USUAL } from './settings.ts';
import { askSilent } from './silent.ts';
import { askUnknown } from './unknown.ts';

export type { Effort } from './settings.ts';

/**
 * The job `deliveries.reconcile`: asks the provider what it has not told. What may or may not have been handed over is looked for among
 * what it made for the number; what was taken is asked for by its id. Nothing is ever sent again for it. What nobody can tell stays
 * `unknown`, and is listed with its campaign.
 */
export async function reconcile(
  services: Round['services'],
  channels: Channels,
  signal: AbortSignal,
  given: Partial<Effort> = {},
): Promise<void> {
  const effort = { ...USUAL, ...given };
  const round = openRound(services, channels, signal, effort);
  const companies = shuffled(await services.tenancy.companiesOfOperator());
  const asks = sourceOf(round, 'sms') === null ? [askDoubtful] : [askDoubtful, askUnknown, askSilent];
  for (const ask of asks) {
    for (const company of companies) {
      signal.throwIfAborted();
      await ask(round, company);
    }
  }
}

/** Where a run ends before everybody was asked, the next one begins elsewhere. */
function shuffled(companies: readonly Company[]): Company[] {
  const order = companies.map((company) => ({ company, place: Math.random() }));
  return order.sort((a, b) => a.place - b.place).map(({ company }) => company);
}
