import { z } from 'zod';
import type { ApiDoc } from '../../web/api-doc.ts';
import { MAX_ITEMS } from '../input.ts';
import { consent } from './input.ts';

const result = z
  .strictObject({
    status: z
      .enum(['created', 'updated', 'unchanged', 'rejected'])
      .describe(
        '`created`: the first word of this address on this channel; `updated`: it holds now; `unchanged`: told before, or older than ' +
          'what holds; `rejected`: nothing was stored, `errors` says why.',
      ),
    address: z.string().nullable().describe('The number in E.164, or the e-mail, as it was understood.'),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  })
  .meta({ id: 'ConsentResult' });

const answer = z.strictObject({ results: z.array(result) });

export const consentsDoc: ApiDoc = {
  name: 'postConsents',
  summary: 'Bring in consents',
  description: `Stores who may be written to on which channel, and who may not. 1 to ${MAX_ITEMS} in one call. Each item has one result, in
the order of the call; a bad one never sinks its neighbours. Whoever lost an answer posts the same again. An address need not belong
to a customer yet. A number whose person said STOP gets nothing, whatever is granted here, until that person says START.`,
  body: {
    schema: z.strictObject({ consents: z.array(consent).min(1).max(MAX_ITEMS) }),
    example: {
      consents: [
        {
          phone: '067 123 45 67',
          channel: 'sms',
          granted: true,
          at: '2026-11-20T10:15:00+02:00',
          source: 'checkout',
          wording: 'Send me offers by SMS',
        },
      ],
    },
  },
  answer: {
    schema: answer,
    example: {
      results: [
        { status: 'created', address: '+380671234567', errors: [] },
        { status: 'rejected', address: null, errors: [{ path: 'phone', message: 'is no valid phone number' }] },
      ],
    },
  },
  refusal: z.strictObject({ results: z.array(result).optional() }),
};
