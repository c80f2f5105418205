/** What a consent is asked for. Viber and messenger are addressed by the phone's number, like SMS. */
export const CHANNELS = ['sms', 'viber', 'messenger', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What the address of a channel is. */
export const kindOf = (channel: Channel): 'phone' | 'email' => (channel === 'email' ? 'email' : 'phone');

/** Why a number gets nothing more: its person said so by an SMS, on the page behind a link, the provider told so, or the company blocked it. */
export const REASONS = ['stop', 'page', 'provider', 'hand'] as const;
export type Reason = (typeof REASONS)[number];

/** What only the person of the number takes back, by START. */
export const BY_PERSON: readonly Reason[] = ['stop', 'page', 'provider'];

/** What was said to the sender, who may be that of several companies. */
export const BY_SMS: readonly Reason[] = ['stop', 'provider'];

/** What somebody said, and when, where and in what words. `addressKey`: `db.keyOfPhone` of the E.164 number, or of the e-mail as parsed. */
export interface Told {
  channel: Channel;
  addressKey: string;
  granted: boolean;
  at: Date;
  source: string;
  wording: string;
}
