import * as journal from '../../journal/journal.ts';
import type { Channels } from '../../platform/channels.ts';
import type { Company } from '../../tenancy/company.ts';
import { run } from './run.ts';
import { type Bench, type Effort, USUAL } from './settings.ts';
import { openWatchman } from './watchman.ts';

export { cancel, halt, pause, resume, stilled } from './control.ts';
export type { Effort } from './settings.ts';
export { sweep } from './sweep.ts';

/** The job `campaign.send`. `effort`: what is to be otherwise than usual. */
export async function send(
  services: Bench['services'],
  channels: Channels,
  company: Company,
  campaignId: string,
  signal: AbortSignal,
  effort: Partial<Effort> = {},
): Promise<void> {
  const wanted = { ...USUAL, ...effort };
  const until = performance.now() + wanted.turnSeconds * 1000;
  const bench = { services, channels, company, campaignId, signal, effort: wanted, until, watchman: openWatchman() };
  try {
    await run(bench);
  } finally {
    await journal.rest(services);
  }
}
