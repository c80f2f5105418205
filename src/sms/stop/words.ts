import { fold } from '../../kernel/text.ts';

/** What somebody wants who writes only this. `yes`: START where they had said STOP, else a word of a conversation. */
export type Wish = 'stop' | 'start' | 'yes';

// What Twilio takes as such, what phones and operators suggest, and what people write in the languages of the portal.
const WORDS: Readonly<Record<Wish, readonly string[]>> = {
  stop: [
    ...['stop', 'stopall', 'unsubscribe', 'unsub', 'cancel', 'end', 'quit', 'spam', 'revoke', 'optout', 'remove'],
    ...['стоп', 'відписати', 'відписатись', 'відписатися', 'відписка', 'відпишіть', 'відпиши', 'спам'],
    ...['припинити', 'припиніть', 'отписать', 'отписаться', 'отписка', 'отпишите'],
    ...[
      'не пишіть',
      'не надсилати',
      'не надсилайте',
      'не присылайте',
      'не пишите',
      'opt out',
      'stop all',
      'unsubscribe all',
    ],
    // How "стоп" is typed where only Latin letters are at hand.
    ...['ctop'],
  ],
  start: [
    'start',
    'unstop',
    'subscribe',
    'старт',
    'підписати',
    'підписатись',
    'підписатися',
    'підписка',
    'подписаться',
    'optin',
    'opt in',
  ],
  yes: ['yes', 'y', 'так', 'да'],
};

/** Words that change nothing. */
const POLITE = ['please', 'pls', 'thanks', 'sms', 'смс', 'дякую', 'прошу', 'будь', 'ласка', 'пожалуйста', 'мене', 'me'];

/** No wish is longer; what is, is a message. */
const LONGEST = 80;

/** What the text wishes as a whole: in any case, with punctuation and polite words around it, of whatever alphabet its letters are. null: it is a message. */
export function wishOf(text: string): Wish | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return null;
  const words = wordsOf(trimmed).filter((word) => !POLITE_SHAPES.has(word));
  // "STOP STOP STOP" is one wish.
  const said = [...new Set(words)].join(' ');
  return WISHES.get(said) ?? null;
}

function wordsOf(text: string): string[] {
  return shapeOf(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

// Letters that look alike are one letter: people mix alphabets without seeing it.
const LOOKS: Readonly<Record<string, string>> = {
  ...{ а: 'a', в: 'b', е: 'e', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', с: 'c', т: 't', у: 'y', х: 'x', і: 'i' },
  ...{ ѕ: 's', ј: 'j', ԁ: 'd', ԛ: 'q', ѵ: 'v', ԝ: 'w', '0': 'o' },
  ...{
    α: 'a',
    β: 'b',
    ε: 'e',
    η: 'h',
    ι: 'i',
    κ: 'k',
    μ: 'm',
    ν: 'n',
    ο: 'o',
    ρ: 'p',
    σ: 's',
    ς: 's',
    τ: 't',
    υ: 'y',
    χ: 'x',
  },
};

/** Without accents, which phones put on letters by themselves. */
function shapeOf(text: string): string {
  const plain = fold(text.replace(/\p{Cf}/gu, ''))
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
  return [...plain].map((sign) => LOOKS[sign] ?? sign).join('');
}

const POLITE_SHAPES = new Set(POLITE.map(shapeOf));

const WISHES = new Map<string, Wish>(
  (Object.keys(WORDS) as Wish[]).flatMap((wish) =>
    WORDS[wish].map((word): [string, Wish] => [wordsOf(word).join(' '), wish]),
  ),
);
