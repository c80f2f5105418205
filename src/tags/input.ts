import { z } from 'zod';
import { fold, isCleanText } from '../kernel/text.ts';
import { oneOf } from '../web/form.ts';
import { COLOURS } from './sql.ts';

const LONGEST = 50;

/** A tag's name as people write it: one line, inner white space one blank. */
export const tagName = z
  .string('web.form.required')
  .transform((text) => text.normalize('NFC').replace(/\s+/gu, ' ').trim())
  .pipe(
    z
      .string()
      .min(1, 'web.form.required')
      .refine((text) => [...text].length <= LONGEST, 'tags.tooLong')
      .refine((text) => isCleanText(text) && isVisible(text), 'tags.unreadable'),
  );

// Signs without a width alone, or one that turns the rest of the page around, would be a chip that nobody can read.
const isVisible = (text: string) =>
  fold(text) !== '' && /[^\p{C}\p{M}\p{Z}]/u.test(text) && !/[\u202a-\u202e\u2066-\u2069]/u.test(text);

/** The one field of a form that adds a tag by its name. */
export const tagField = z.object({ tag: tagName });

export const tagForm = z.object({ name: tagName, colour: oneOf(COLOURS) });
