import { z } from 'zod';
import { isId } from '../../kernel/id.ts';
import { line, oneOf, ticked } from '../../web/form.ts';
import { LONGEST } from '../text/text.ts';

export const CHANNELS = ['sms', 'viber', 'messenger'] as const;
/** The one that a form names; SMS where it names none. */
export const channelOf = (given: string | undefined) => CHANNELS.find((channel) => channel === given) ?? 'sms';

const LONGEST_NAME = 100;

// One that comes alone comes as a text. None that can be read is not the same as none given.
const ids = z
  .union([z.string().transform((id) => [id]), z.array(z.string())])
  .transform((given) => [...new Set(given.filter(isId))])
  .optional();

/** Browsers end lines with two signs: each would cost as one more. */
export const body = z
  .string('web.form.required')
  .transform((text) => text.replace(/\r\n?/g, '\n').trim())
  .pipe(z.string().min(1, 'web.form.required').max(LONGEST, 'web.form.tooLong'));

/** Whom the form is about, however much else is wrong with it. */
export const whomForm = z.object({
  /** `chosen`: those of `ids`, or else of `filter`; else the key of a segment */
  to: z.string().max(100).default(''),
  ids,
  filter: z.string().max(20_000).optional(),
});

export type WhomForm = z.output<typeof whomForm>;

/** Times are local ones of the company, as the form gives them; empty: none. */
const localTime = z.string().trim().max(40).default('');

export const draftForm = whomForm.extend({
  to: z.string('sms.form.nobody').min(1, 'sms.form.nobody').max(100),
  name: line(LONGEST_NAME),
  channel: oneOf(CHANNELS),
  fallback: ticked,
  sender: z.string().max(40).default(''),
  body,
  scheduledAt: localTime,
  expiresAt: localTime,
});

export type DraftForm = z.output<typeof draftForm>;

export const oneForm = z.object({
  channel: oneOf(CHANNELS).default('sms'),
  sender: z.string().max(40).default(''),
  body,
  /** quiet hours do not hold for this one */
  now: ticked,
});

/** The number a test goes to, as typed. */
export const testForm = z.object({ number: line(64) });
