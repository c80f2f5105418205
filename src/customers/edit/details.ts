export const CHANNELS = ['sms', 'viber', 'whatsapp', 'telegram'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What orders say of a person too, unless somebody wrote it here. */
export const TAKEN = ['name', 'gender', 'region'] as const;
export type Taken = (typeof TAKEN)[number];

/** The numbers sheet (P-57 to P-63). */
export const LIMITS = {
  name: 255,
  phones: 5,
  emails: 5,
  email: 255,
  otherChannels: 100,
  region: 255,
  note: 2000,
} as const;

export interface Phone {
  /** E.164 */
  value: string;
  /** as it was written */
  given: string;
  channels: readonly Channel[];
}

export interface Email {
  value: string;
  given: string;
}

/** Everything of a customer that the form holds (P-56), read and checked. */
export interface Details {
  name: string;
  gender: 'female' | 'male' | null;
  region: string | null;
  /** these are to be as the latest order has them */
  latest: readonly Taken[];
  /** the main one first */
  phones: readonly Phone[];
  emails: readonly Email[];
  otherChannels: string;
  note: string;
  /** ids */
  tags: readonly string[];
}

/** What the form holds, as typed: of everything a text, as an input has it. */
export interface Draft {
  name: string;
  gender: string;
  region: string;
  /** ticked: back to what the latest order says */
  latest: readonly Taken[];
  phones: readonly PhoneDraft[];
  emails: readonly string[];
  otherChannels: string;
  note: string;
  tags: readonly string[];
}

export interface PhoneDraft {
  text: string;
  channels: readonly Channel[];
}

export const emptyDraft: Draft = {
  name: '',
  gender: '',
  region: '',
  latest: [],
  phones: [],
  emails: [],
  otherChannels: '',
  note: '',
  tags: [],
};

/** Before anything was typed: everything is as orders will have it. */
export const nobody: Details = { ...emptyDraft, gender: null, region: null, latest: TAKEN, phones: [], emails: [] };
