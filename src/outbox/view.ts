import type { Context } from '../web/context.ts';
import type { Shelf } from './outbox.ts';

declare module '../web/views.ts' {
  interface Views {
    'outbox/list': OutboxModel;
  }
}

export interface OutboxModel {
  letters: LetterModel[];
  /** address of the page with older ones */
  older: string | null;
  /** whether this is not the first page */
  newest: boolean;
}

interface LetterModel {
  id: string;
  to: string;
  subject: string;
  state: string;
  error: string | null;
  at: string;
  lines: Piece[][];
}

/** `href` is null for plain text. */
interface Piece {
  text: string;
  href: string | null;
}

export function outboxModel({ t, format }: Pick<Context, 't' | 'format'>, shelf: Shelf, first: boolean): OutboxModel {
  const last = shelf.letters.at(-1);
  return {
    newest: !first,
    older: shelf.more && last ? `/outbox?before=${last.id}` : null,
    letters: shelf.letters.map((letter) => ({
      id: letter.id,
      to: letter.address,
      subject: letter.channel === 'email' ? letter.subject : t(`outbox.${letter.channel}`),
      state: t(`outbox.state.${letter.state}`),
      error: letter.last_error,
      at: format.dateTime(letter.created_at),
      lines: letter.body.split(/\r?\n/).map(pieces),
    })),
  };
}

/** Only http and https become links, and the template escapes every piece: a letter can bring no markup of its own. */
export function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of line.matchAll(LINK)) {
    if (match.index > end) found.push({ text: line.slice(end, match.index), href: null });
    found.push({ text: match[0], href: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) found.push({ text: line.slice(end), href: null });
  return found;
}

// A full stop or a bracket at the end belongs to the sentence.
const LINK = /\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;
