import { z } from 'zod';
import { oneOf, ticked } from '../../web/form.ts';
import { fits, SENTIMENTS, type Sentiment } from '../reasons.ts';

export const LONGEST = 2000;
/** Shorter than that is an opinion, no facts (P-86). */
export const FACTS = 20;

// Browsers send a new line as two signs; it is typed, and counted, as one.
const words = z.preprocess(
  (typed) => (typeof typed === 'string' ? typed.replaceAll('\r\n', '\n').trim() : typed),
  z.string('web.form.required').max(LONGEST, 'web.form.tooLong'),
);

const said = {
  sentiment: oneOf(SENTIMENTS as [Sentiment, ...Sentiment[]]),
  reason: z.string('web.form.choose').min(1, 'web.form.choose'),
  text: words,
  anonymous: ticked,
};

interface Said {
  sentiment: Sentiment;
  reason: string;
  text: string;
  anonymous: boolean;
}

/** A bad word is signed, and says what happened (P-86, P-87). */
function check({ sentiment, reason, text, anonymous }: Said, { addIssue }: { addIssue: (issue: Issue) => void }): void {
  if (!fits(sentiment, reason)) addIssue({ code: 'custom', path: ['reason'], message: 'reviews.error.reason' });
  if (sentiment !== 'negative') return;
  if (anonymous) addIssue({ code: 'custom', path: ['anonymous'], message: 'reviews.error.anonymous' });
  if ([...text].length < FACTS) addIssue({ code: 'custom', path: ['text'], message: 'reviews.error.facts' });
}

type Issue = { code: 'custom'; path: string[]; message: string };

/** `phone`: in E.164, one of the customer's */
export const newReview = z.object({ phone: z.string('web.form.choose'), ...said }).superRefine(check);
export type NewReview = z.output<typeof newReview>;

/** `revision`: the text that was shown when the form was opened */
export const correction = z.object({ revision: z.uuid('reviews.error.changed'), ...said }).superRefine(check);
export type Correction = z.output<typeof correction>;

export const dispute = z.object({
  text: z.preprocess(
    (typed) => (typeof typed === 'string' ? typed.replaceAll('\r\n', '\n').trim() : typed),
    z.string('web.form.required').min(1, 'web.form.required').max(LONGEST, 'web.form.tooLong'),
  ),
});
