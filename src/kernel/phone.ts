import {
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parseDigits,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

// Three digits are the least a trigram index can look for, and fewer would find nearly everybody.
const LEAST_DIGITS = 3;
// Digits of any script, blanks, dashes, and the other signs that people put into numbers, full-width ones too.
const PHONE_SIGNS = /^[\p{Nd}\s\p{Pd}−+＋()（）./]{1,64}$/u;

/**
 * Reads a phone number as people write it: blanks, brackets, dashes, `00` or `+` or the national trunk prefix, `tel:`,
 * digits of other scripts, an extension (which is dropped).
 * `country` (ISO 3166-1 alpha-2) is assumed where no country code is given; an unknown one assumes nothing.
 * Null unless the whole text is one valid number: a number wrongly guessed would join two customers, so text around it,
 * or two numbers in one field, are not searched for a number (P-38). `mobile` says that it may take SMS.
 */
export function parsePhone(given: string, country: string): ParsedPhone | null {
  const text = unwrap(given);
  // Each country dials abroad with a prefix of its own (011 in the USA); 00 is what people everywhere write for `+`.
  const number = validNumber(text, country) ?? validNumber(text.replace(/^00/, '+'), country);
  if (!number) return null;
  return { e164: number.number, ...traitsOf(number) };
}

export interface PhoneTraits {
  /** may take SMS */
  mobile: boolean;
  /** ISO 3166-1 alpha-2; of a number that belongs to no country, such as +800, the three digits it begins with. null: not known */
  country: string | null;
}

export type ParsedPhone = PhoneTraits & { e164: string };

function traitsOf(number: PhoneNumber): PhoneTraits {
  const type = number.getType();
  const mobile = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
  return { mobile, country: number.country ?? nowhere(number.countryCallingCode) };
}

const nowhere = (code: string) => (/^\d{3}$/.test(code) ? code : null);

/** What is known of an E.164 number as it was stored, also of one that no country gives out any more. */
export function phoneTraits(e164: string): PhoneTraits {
  const number = parsePhoneNumberFromString(e164);
  return number ? traitsOf(number) : { mobile: false, country: null };
}

/**
 * The digit strings to look for inside stored E.164 numbers when somebody types `q` in a search box (P-51): as typed,
 * without `00` or the trunk zeros in front, without a bracketed `(0)`. Any one found is a match.
 * Empty when `q` is no phone: fewer than 3 digits, or a letter or other sign in it that no phone number has.
 */
export function phoneDigits(q: string): string[] {
  const text = unwrap(q);
  if (!PHONE_SIGNS.test(text)) return [];
  const spellings = [text, text.replace('(0)', '')].map((spelling) => parseDigits(spelling));
  const alternatives = spellings.flatMap((digits) => [digits, digits.replace(/^0+/, '')]);
  return [...new Set(alternatives)].filter((digits) => digits.length >= LEAST_DIGITS);
}

/** Whether `code` is an ISO 3166-1 alpha-2 country, in upper case, whose phone numbers can be read. */
export function isCountry(code: string): boolean {
  return isSupportedCountry(code);
}

/** Every country whose numbers can be read, with what is dialled to reach it: `{ code: 'UA', calling: '380' }`. */
export const phoneCountries = (): { code: string; calling: string }[] =>
  getCountries().map((code) => ({ code, calling: getCountryCallingCode(code) }));

/** `+380671234567` → `+380 67 123 4567`, for reading. What is no number comes back as it is. */
export function formatPhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
}

/** `+380671234567` → `671234567`: what is dialled inside the country, without the zeros in front. */
export function nationalDigits(e164: string): string {
  return parsePhoneNumberFromString(e164)?.nationalNumber ?? e164.replace(/\D/g, '');
}

/** Without the invisible marks that phones put around a copied number, and without the scheme of a link. */
function unwrap(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:\s*/i, '');
}

function validNumber(text: string, country: string): PhoneNumber | null {
  const home = isSupportedCountry(country) ? { defaultCountry: country } : {};
  const number = parsePhoneNumberFromString(text, { ...home, extract: false });
  return number?.isValid() ? number : null;
}
