import type { Context } from '../web/context.ts';
import type { Trouble } from './trouble.ts';

declare module '../web/views.ts' {
  interface Views {
    'outbox/trouble': TroubleModel;
  }
}

export interface TroubleModel {
  letters: {
    id: string;
    to: string;
    subject: string;
    state: string;
    tone: string;
    error: string;
    tries: string;
    at: string;
  }[];
  /** address of the page with older ones */
  older: string | null;
  /** whether this is the newest page */
  newest: boolean;
}

export function troubleModel(
  { t, format }: Pick<Context, 't' | 'format'>,
  found: Trouble,
  newest: boolean,
): TroubleModel {
  const last = found.letters.at(-1);
  return {
    newest,
    older: found.more && last ? `/admin/letters?before=${last.id}` : null,
    letters: found.letters.map((letter) => ({
      id: letter.id,
      to: letter.channel === 'email' ? letter.address : `•••${letter.address.slice(-2)}`,
      subject: letter.channel === 'email' ? letter.subject : t(`outbox.${letter.channel}`),
      state: t(`outbox.trouble.${letter.state}`),
      tone: letter.state === 'failed' ? 'pill-bad' : 'pill-warn',
      error: letter.last_error ?? '',
      tries: t('outbox.trouble.tries', { count: letter.attempts }),
      at: format.dateTime(letter.created_at),
    })),
  };
}
