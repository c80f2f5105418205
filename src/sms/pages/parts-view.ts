import type { CompanyContext } from '../../web/context.ts';
import type { Channel } from '../draft/draft.ts';

/** `2 SMS`; other channels take a text as one message, however long it is. */
export const partsText = ({ t }: Pick<CompanyContext, 't'>, channel: Channel, count: number): string =>
  t(channel === 'sms' ? 'sms.parts' : 'sms.messages', { count });
