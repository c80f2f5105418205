import { z } from 'zod';
import { CHANNELS, kindOf } from '../../consents/consents.ts';
import { kindError, moment, optional, text, word } from '../input.ts';

export const consent = z
  .strictObject({
    phone: optional(text(100)).describe(
      'In any spelling; without a country code, a number of the country of the company. For `sms`, `viber` and `messenger`.',
    ),
    email: optional(text(320)).describe('For `email`.'),
    channel: z.enum(CHANNELS, kindError(`must be one of ${CHANNELS.join(', ')}`)),
    granted: z.boolean(kindError('must be true or false')).describe('`true`: may be written to; `false`: may not.'),
    at: moment.describe('When it was said. The newest word holds, in whatever order they come.'),
    source: word(200).describe('Where it was said, for instance `checkout`.'),
    wording: text(2000).default('').describe('What was agreed to, in the words that were shown.'),
  })
  .superRefine(({ phone, email, channel }, context) => {
    const kind = kindOf(channel);
    const [wanted, other] = kind === 'phone' ? [phone, email] : [email, phone];
    const stranger = kind === 'phone' ? 'email' : 'phone';
    if (wanted === null) context.addIssue({ code: 'custom', path: [kind], message: `is required for ${channel}` });
    if (other !== null) {
      const both = `phone and email must not both be given: ${channel} takes the ${kind}`;
      const message = wanted === null ? `is no address of ${channel}` : both;
      context.addIssue({ code: 'custom', path: [stranger], message });
    }
  })
  .meta({ id: 'Consent', description: 'The same consent again is `unchanged`, and is written down once.' });

export type ConsentInput = z.output<typeof consent>;
