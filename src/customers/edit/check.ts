import { parseEmail } from '../../kernel/email.ts';
import { isId } from '../../kernel/id.ts';
import { formatPhone, parsePhone } from '../../kernel/phone.ts';
import { type Details, type Draft, type Email, LIMITS, type Phone, TAKEN, type Taken } from './details.ts';

export interface Complaint {
  /** `name`, `phones.0`, `phones` */
  field: string;
  /** key of the words */
  key: string;
  count?: number;
}

/**
 * Reads what was typed (P-57 to P-63). `stored`: the customer as it is. A merge may have brought more contacts than the form allows,
 * and then the form only lets them become fewer. `base`: the customer as the form showed it first, which decides what was changed.
 * Phones without a country code are numbers of `country`.
 */
export function check(
  draft: Draft,
  base: Details,
  stored: Details,
  country: string,
): { details: Details } | { complaints: Complaint[] } {
  const complaints: Complaint[] = [];
  const refuse = (field: string, key: string, count?: number) =>
    complaints.push({ field, key, ...(count === undefined ? {} : { count }) });
  for (const field of ['name', 'region', 'otherChannels', 'note'] as const) {
    if (draft[field].length > LIMITS[field]) refuse(field, 'web.form.tooLong', LIMITS[field]);
  }
  const { gender } = draft;
  const known = gender === 'female' || gender === 'male' ? gender : null;
  if (gender !== '' && known === null) refuse('gender', 'web.form.choose');
  const phones = draft.phones.flatMap(({ text, channels }, n): Phone[] => {
    const there = stored.phones.find(({ value }) => value === text || formatPhone(value) === text);
    const value = there?.value ?? (text.length > LONGEST_PHONE ? null : parsePhone(text, country)?.e164);
    if (!value) refuse(`phones.${n}`, 'customers.edit.badPhone');
    return value ? [{ value, given: there?.given ?? text, channels }] : [];
  });
  const emails = draft.emails.flatMap((text, n): Email[] => {
    const there = stored.emails.find(({ value }) => value === text);
    const value = there?.value ?? parseEmail(text);
    if (text.length > LIMITS.email) refuse(`emails.${n}`, 'web.form.tooLong', LIMITS.email);
    else if (!value) refuse(`emails.${n}`, 'customers.edit.badEmail');
    return value ? [{ value, given: there?.given ?? text }] : [];
  });
  const details: Details = {
    name: draft.name,
    gender: known,
    region: draft.region === '' ? null : draft.region,
    latest: [],
    phones: joined(phones),
    emails: joined(emails),
    otherChannels: draft.otherChannels,
    note: draft.note,
    tags: draft.tags.filter(isId),
  };
  for (const list of ['phones', 'emails'] as const) {
    if (tooMany(details[list], stored[list], LIMITS[list]))
      refuse(list, `customers.edit.tooMany.${list}`, LIMITS[list]);
  }
  return complaints.length > 0 ? { complaints } : { details: { ...details, latest: latest(draft, details, base) } };
}

// Longer than any number with all its signs.
const LONGEST_PHONE = 64;

export function tooMany(
  list: readonly { value: string }[],
  before: readonly { value: string }[],
  most: number,
): boolean {
  return list.length > most && list.some(({ value }) => before.every((other) => other.value !== value));
}

/** Typed twice is meant once: with the channels of both. */
function joined<Row extends Phone | Email>(rows: readonly Row[]): Row[] {
  const once = new Map<string, Row>();
  for (const row of rows) {
    const there = once.get(row.value);
    const channels = there && 'channels' in there && 'channels' in row ? [...there.channels, ...row.channels] : null;
    once.set(row.value, there ? { ...there, ...(channels ? { channels: [...new Set(channels)] } : {}) } : row);
  }
  return [...once.values()];
}

/** What is to be as the latest order has it: where that was asked for, or was so and nothing else was written. */
const latest = (draft: Draft, details: Details, base: Details): Taken[] =>
  TAKEN.filter(
    (field) => draft.latest.includes(field) || (base.latest.includes(field) && details[field] === base[field]),
  );
