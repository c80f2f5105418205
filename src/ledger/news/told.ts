import type { State } from '../states.ts';

/** What a provider can say of a message. */
export type Fate = Extract<State, 'accepted' | 'delivered' | 'undelivered' | 'failed'>;

export interface News {
  /** which one: our id where it is known (a callback of ours), else the provider's */
  id?: string;
  sid: string;
  state: Fate;
  /** the provider's */
  errorCode?: string | null;
  reason?: string | null;
  at: Date;
}
