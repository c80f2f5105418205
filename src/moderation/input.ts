import { z } from 'zod';
import type { Decision, Kind } from './sql.ts';

/** What can be decided about each kind, the usual one first. */
export const DECISIONS = {
  revision: ['published', 'refused', 'changes'],
  reply: ['published', 'refused'],
  dispute: ['upheld', 'rejected'],
} as const satisfies Record<Kind, readonly Decision[]>;

/** Reasons to refuse that have words of their own: `moderation.reason.<code>.name` and `.text`. The last one needs own words. */
export const REFUSALS = {
  revision: ['subjective', 'not_theirs', 'no_facts', 'personal', 'language', 'again', 'advertising', 'other'],
  reply: ['off_topic', 'personal', 'language', 'advertising', 'other'],
  dispute: [],
} as const satisfies Record<Kind, readonly string[]>;

export const LONGEST_ANSWER = 1000;

// Browsers send a new line as two signs; it is typed, and counted, as one.
const words = z
  .string()
  .default('')
  .transform((typed) => typed.replaceAll('\r\n', '\n').trim())
  .pipe(z.string().max(LONGEST_ANSWER, 'web.form.tooLong'));

/** What a moderator decided, and says to whoever wrote it. Every no has a reason (P-88). */
export const verdict = (kind: Kind) =>
  z
    .object({
      decision: z.enum(DECISIONS[kind] as readonly Decision[], 'web.form.choose'),
      reason: z.string().default(''),
      words,
    })
    .superRefine(({ decision, reason, words }, ctx) => {
      const complain = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
      if (decision === 'refused') {
        if (!(REFUSALS[kind] as readonly string[]).includes(reason)) complain('reason', 'moderation.case.noReason');
        else if (reason === 'other' && words === '') complain('words', 'moderation.case.noWords');
      }
      if (['changes', 'upheld', 'rejected'].includes(decision) && words === '') {
        complain('words', `moderation.case.needs.${decision}`);
      }
    });

export type Verdict = z.output<ReturnType<typeof verdict>>;
