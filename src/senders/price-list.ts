import { isCurrency } from '../kernel/money.ts';
import { isCountry } from '../kernel/phone.ts';
import { microsOf } from './micros.ts';
import type { PricedChannel } from './sql.ts';

export interface Price {
  channel: PricedChannel;
  /** ISO 3166-1 alpha-2, or three digits that numbers of no country begin with */
  country: string;
  micros: bigint;
  currency: string;
}

/** What is wrong in a line; `message`: the key of its words. */
export interface LineError {
  line: number;
  message: string;
  value: string;
}

const CHANNELS = ['sms', 'viber', 'messenger'] as const;
const MOST_LINES = 5000;
const MOST_ERRORS = 50;

/**
 * Reads `channel,country,price,currency`, a line for each: parted by commas, semicolons or tabs, with or without a line of names at
 * the top. Either all of it, or what is wrong with which lines.
 */
export function readPrices(text: string): { prices: Price[] } | { errors: LineError[] } {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((raw, n) => ({ raw, line: n + 1 }))
    .filter(({ raw }) => raw.trim() !== '');
  const sign = ['\t', ';', ','].find((each) => lines[0]?.raw.includes(each)) ?? ',';
  const rows = lines.map(({ raw, line }) => ({ cells: raw.split(sign).map(plain), line }));
  const body = rows[0]?.cells[0]?.toLowerCase() === 'channel' ? rows.slice(1) : rows;
  if (body.length === 0) return { errors: [{ line: 1, message: 'empty', value: '' }] };
  if (body.length > MOST_LINES) return { errors: [{ line: MOST_LINES + 1, message: 'tooMany', value: '' }] };
  const seen = new Map<string, number>();
  const read = body.map((row) => readRow(row, seen));
  const errors = read.flatMap((each) => ('message' in each ? [each] : []));
  if (errors.length > 0) return { errors: errors.slice(0, MOST_ERRORS) };
  return { prices: read.flatMap((each) => ('message' in each ? [] : [each])) };
}

const plain = (cell: string) =>
  cell
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('""', '"')
    .trim();

function readRow({ cells, line }: { cells: string[]; line: number }, seen: Map<string, number>): Price | LineError {
  const wrong = (message: string, value = ''): LineError => ({ line, message, value: value.slice(0, 40) });
  if (cells.length !== 4) return wrong('columns');
  const [channelText = '', countryText = '', priceText = '', currencyText = ''] = cells;
  const channel = CHANNELS.find((each) => each === channelText.toLowerCase());
  if (!channel) return wrong('channel', channelText);
  const country = countryText.toUpperCase().replace(/^\+/, '');
  if (!isCountry(country) && !/^\d{3}$/.test(country)) return wrong('country', countryText);
  const micros = microsOf(priceText.replace(',', '.'));
  if (micros === null) return wrong('price', priceText);
  const currency = currencyText.toUpperCase();
  if (!isCurrency(currency)) return wrong('currency', currencyText);
  const before = seen.get(`${channel} ${country}`);
  if (before !== undefined) return wrong('twice', String(before));
  seen.set(`${channel} ${country}`, line);
  return { channel, country, micros, currency };
}
