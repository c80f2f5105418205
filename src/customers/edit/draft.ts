import { formatPhone } from '../../kernel/phone.ts';
import { CHANNELS, type Details, type Draft, type PhoneDraft, TAKEN } from './details.ts';

type Body = Readonly<Record<string, unknown>>;

/** The form as it was sent, whatever is in it: rows are numbered (`phones.0`, `phones.0.channels`), empty ones left out. */
export function readDraft(body: Body): Draft {
  return {
    name: text(body.name).replace(/\s+/g, ' ').trim(),
    gender: text(body.gender),
    region: text(body.region).replace(/\s+/g, ' ').trim(),
    latest: TAKEN.filter((field) => texts(body.latest).includes(field)),
    phones: rows(body, 'phones').flatMap((name): PhoneDraft[] => {
      const typed = text(body[name]).trim();
      const channels = CHANNELS.filter((channel) => texts(body[`${name}.channels`]).includes(channel));
      return typed === '' ? [] : [{ text: typed, channels }];
    }),
    emails: rows(body, 'emails').flatMap((name) => {
      const typed = text(body[name]).trim();
      return typed === '' ? [] : [typed];
    }),
    otherChannels: text(body.otherChannels).replace(/\s+/g, ' ').trim(),
    // Browsers send every new line as two signs, and count it as one.
    note: text(body.note).replace(/\r\n?/g, '\n').trim(),
    tags: [...new Set(texts(body.tags))],
  };
}

/** The details as the form shows them; `base`: what of them already was as the latest order has it. */
export function draftOf(details: Details, base: Details): Draft {
  return {
    ...details,
    gender: details.gender ?? '',
    region: details.region ?? '',
    latest: details.latest.filter((field) => !base.latest.includes(field)),
    phones: details.phones.map(({ value, channels }) => ({ text: formatPhone(value), channels })),
    emails: details.emails.map(({ value }) => value),
  };
}

/** How many rows there are to be at least; one empty row always waits to be filled in, as long as there may be more. */
export interface Rows {
  phones: number;
  emails: number;
}

export const AS_TYPED: Rows = { phones: 0, emails: 0 };

/**
 * What a button inside the form asks for (`phones.1.up`, `emails.0.remove`, `phones.2.more`), done to the draft: nothing is saved by
 * it, and it works without JavaScript. null: it was no such button.
 */
export function rearranged(draft: Draft, wish: string): { draft: Draft; rows: Rows } | null {
  const [list, place = '', move = ''] = wish.split('.');
  if ((list !== 'phones' && list !== 'emails') || !/^\d{1,4}$/.test(place)) return null;
  const n = Number(place);
  if (move === 'more') return { draft, rows: { ...AS_TYPED, [list]: n } };
  const lists = list === 'phones' ? { phones: moved(draft.phones, n, move) } : { emails: moved(draft.emails, n, move) };
  return { draft: { ...draft, ...lists }, rows: AS_TYPED };
}

function moved<Row>(list: readonly Row[], n: number, move: string): readonly Row[] {
  const row = list[n];
  if (row === undefined) return list;
  if (move === 'remove') return list.filter((_, index) => index !== n);
  const to = move === 'up' ? n - 1 : move === 'down' ? n + 1 : n;
  const other = list[to];
  return other === undefined ? list : list.with(n, other).with(to, row);
}

/** The names of the rows in the order of their numbers. */
function rows(body: Body, list: 'phones' | 'emails'): string[] {
  const pattern = new RegExp(`^${list}\\.(\\d{1,4})$`);
  const numbers = Object.keys(body).flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return numbers.toSorted((a, b) => Number(a) - Number(b)).map((n) => `${list}.${n}`);
}

const texts = (value: unknown): string[] => [value].flat().filter((each) => typeof each === 'string');
const text = (value: unknown): string => texts(value)[0] ?? '';
