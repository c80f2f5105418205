import type { Config } from '../../platform/config.ts';
import { type Wish, wishOf } from '../stop/words.ts';
import type { Form } from './signature.ts';

/** What somebody has written to us. */
export interface Written {
  sid: string;
  channel: 'sms' | 'viber' | 'messenger';
  /** E.164 */
  from: string;
  /** what it came to, as senders are called: the number, and the messaging service it belongs to */
  senders: string[];
  /** whether that is the portal's own sender */
  usual: boolean;
  text: string;
  /** pictures and the like, which are not fetched */
  attachments: number;
  /** null: it is a message. `help`: Twilio has answered it; who writes so where it did not is answered by people */
  wish: Wish | 'help' | null;
}

const SID = /^\w{1,64}$/;
const ADDRESS = /^(?:(viber|messenger):)?(\+[1-9]\d{5,14})$/;

/** null: nobody who could be answered: a short code, a name, or a sender that says nothing of a number. */
export function readInbound(form: Form, config: Config): Written | null {
  const sid = form.get('MessageSid') ?? form.get('SmsSid') ?? '';
  const [, channel = 'sms', from] = ADDRESS.exec(form.get('From') ?? '') ?? [];
  if (!SID.test(sid) || from === undefined) return null;
  const senders = [form.get('To'), form.get('MessagingServiceSid')].filter((each): each is string => !!each);
  const text = (form.get('Body') ?? '').replaceAll('\0', '');
  return {
    sid,
    channel: channel as Written['channel'],
    from,
    senders,
    usual: usualSenders(config).some((usual) => senders.includes(usual)),
    text,
    attachments: Number.parseInt(form.get('NumMedia') ?? '0', 10) || 0,
    wish: optOut(form.get('OptOutType')) ?? wishOf(text),
  };
}

/** Where Twilio's own opt-out took it for one of its words, in whatever language it was told, that is what it is. */
function optOut(word: string | null): Written['wish'] {
  const wish = word?.toLowerCase();
  return wish === 'stop' || wish === 'start' || wish === 'help' ? wish : null;
}

function usualSenders({ twilio, viber, messenger }: Config): string[] {
  const own = twilio ? Object.values(twilio.sender) : [];
  const others = Object.entries({ viber, messenger }).flatMap(([name, config]) =>
    config?.from ? [`${name}:${config.from}`] : [],
  );
  return [...own, ...others];
}
