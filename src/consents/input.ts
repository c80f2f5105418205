import { z } from 'zod';
import { parsePhone } from '../kernel/phone.ts';
import { isCleanText } from '../kernel/text.ts';
import { line, oneOf } from '../web/form.ts';
import { CHANNELS, type Channel, kindOf } from './channels.ts';

/** A number as people write it, in the country of the company; E.164. */
export const numberInput = (country: string) =>
  line(100).transform((text, context) => {
    const phone = parsePhone(text, country);
    if (phone) return phone.e164;
    context.addIssue({ code: 'custom', message: 'consents.noNumber' });
    return z.NEVER;
  });

const clean = (longest: number) =>
  z.string().trim().max(longest, 'web.form.tooLong').refine(isCleanText, 'consents.unreadable');

/** A consent by hand. `what`: the channel and, after a blank, the number or e-mail, one of those the customer has. */
export const consentForm = (addresses: readonly string[]) =>
  z.object({
    what: z.string('web.form.choose').transform((text, context): { channel: Channel; address: string } => {
      const [, name, address = ''] = /^(\w+) (.+)$/s.exec(text) ?? [];
      const channel = CHANNELS.find((each) => each === name);
      if (channel && addresses.includes(address) && (kindOf(channel) === 'email') === address.includes('@'))
        return { channel, address };
      context.addIssue({ code: 'custom', message: 'web.form.choose' });
      return z.NEVER;
    }),
    granted: oneOf(['yes', 'no']).transform((answer) => answer === 'yes'),
    source: line(200).refine(isCleanText, 'consents.unreadable'),
    wording: clean(2000).default(''),
  });
