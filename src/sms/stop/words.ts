import { fold } from '../../kernel/text.ts';

/** What somebody wants who writes only this. `yes`: START where they had said STOP, else a word of a conversation. */
export type Wish = 'stop' | 'start' | 'yes';

/** "Do not write", to which people add to whom. */
const DO_NOT = [
  ...['не пишіть', 'не пиши', 'не писати', 'не надсилати', 'не надсилайте', 'не шліть', 'не турбуйте'],
  ...['не пишите', 'не писать', 'не присылайте', 'не присылать', 'не беспокойте'],
  ...['do not text', 'don t text', 'dont text', 'do not write', 'don t write', 'dont write'],
];

// What Twilio takes as such, what phones and operators suggest, and what people write in the languages of the portal.
const WORDS: Readonly<Record<Wish, readonly string[]>> = {
  stop: [
    ...['stop', 'stopall', 'unsubscribe', 'unsub', 'cancel', 'end', 'quit', 'spam', 'revoke', 'optout', 'remove'],
    ...['opt out', 'stop all', 'stop it', 'stop this', 'stop texting', 'stop writing', 'stop messaging'],
    ...['unsubscribe all', 'stop sending', 'stop messages', 'stop sending messages', 'remove from list'],
    ...['стоп', 'відписати', 'відписатись', 'відписатися', 'відписка', 'відпишіть', 'відпиши', 'спам'],
    ...['припинити', 'припиніть', 'скасувати', 'отписать', 'отписаться', 'отписка', 'отпишите'],
    ...['отмена', 'отменить', 'прекратить', 'прекратите', ...DO_NOT],
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

/** What a STOP may be about. */
const MAILING = [
  ...['від', 'розсилка', 'розсилки', 'розсилку', 'розсилок', 'цієї', 'вашої'],
  ...['от', 'рассылка', 'рассылки', 'рассылку', 'рассылок', 'меня', 'этой', 'вашей'],
];

/** Beside "do not write" alone: "write me back" begins with a word that also means STOP. */
const TO_ME = ['мені', 'більше', 'мне', 'больше', 'сюди', 'сюда', 'anymore'];

/** No wish is longer; what is, is a message. */
const LONGEST = 80;

/** What the text wishes as a whole: in any case, with punctuation and polite words around it, of whatever alphabet its letters are. null: it is a message. */
export function wishOf(text: string): Wish | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return null;
  const words = wordsOf(trimmed).filter((word) => !POLITE_SHAPES.has(word));
  return WISHES.get(said(words)) ?? (isStop(words) ? 'stop' : null);
}

/** "STOP STOP STOP" is one wish. */
const said = (words: readonly string[]): string => [...new Set(words)].join(' ');

const isStop = (words: readonly string[]): boolean =>
  STOPS.some(({ phrases, beside }) => phrases.has(said(words.filter((word) => !beside.has(word)))));

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

const shapesOf = (phrases: readonly string[]): Set<string> =>
  new Set(phrases.map((phrase) => wordsOf(phrase).join(' ')));

const STOPS = [
  { phrases: shapesOf(WORDS.stop), beside: shapesOf(MAILING) },
  { phrases: shapesOf(DO_NOT), beside: shapesOf([...MAILING, ...TO_ME]) },
];

const POLITE_SHAPES = new Set(POLITE.map(shapeOf));

const WISHES = new Map<string, Wish>(
  (Object.keys(WORDS) as Wish[]).flatMap((wish) =>
    WORDS[wish].map((word): [string, Wish] => [wordsOf(word).join(' '), wish]),
  ),
);
