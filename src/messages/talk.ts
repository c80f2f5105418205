export type TalkChannel = 'sms' | 'viber' | 'messenger';

/** A conversation by SMS or the like: with one number, by one sender. */
export interface Talk {
  channel: TalkChannel;
  addressKey: string;
  /** the one that the company was given; null: the portal's own */
  sender: string | null;
}

/** What it is called: it says with whom it is only to who has the portal's key, and by whom it was written to, so that the answer leaves by the same. */
export const threadOf = ({ channel, addressKey, sender }: Talk): string =>
  [channel, addressKey, ...(sender === null ? [] : [sender])].join(':');

/** null: a conversation of another kind. `name`: as it stands in the address of its page. */
export function talkOf(name: string): Talk | null {
  const [, channel, addressKey, sender = null] = /^t:(sms|viber|messenger):([\w-]{43})(?::(.+))?$/s.exec(name) ?? [];
  return addressKey ? { channel: channel as TalkChannel, addressKey, sender } : null;
}
