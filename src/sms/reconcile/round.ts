import { setTimeout as sleep } from 'node:timers/promises';
import type { Channels } from '../../platform/channels.ts';
import { log } from '../../platform/log.ts';
import type { Services } from '../../web/services.ts';
import type { Effort } from './settings.ts';

/** What one run needs. */
export interface Round {
  services: Pick<Services, 'tenancy' | 'clock' | 'config'>;
  channels: Channels;
  effort: Effort;
  /** Waits for its turn to ask. false: the run is over. */
  turn(): Promise<boolean>;
  /** The provider could not be asked. */
  failed(error: unknown): void;
}

/** In a row: then it is left alone until the next run. */
const MOST_FAILURES = 3;

export function openRound(services: Round['services'], channels: Channels, signal: AbortSignal, effort: Effort): Round {
  const end = performance.now() + effort.runSeconds * 1000;
  let [next, failures] = [0, 0];
  return {
    services,
    channels,
    effort,
    turn: async () => {
      signal.throwIfAborted();
      const wait = next - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal });
      next = performance.now() + 1000 / effort.perSecond;
      return failures < MOST_FAILURES && performance.now() < end;
    },
    failed: (error) => {
      failures++;
      log.warn({ err: error }, 'the provider could not be asked what became of messages');
    },
  };
}
