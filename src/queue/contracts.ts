import { z } from 'zod';

export interface Contract {
  /** `company`: runs inside the company that wanted it; `portal`: belongs to none */
  readonly scope: 'company' | 'portal';
  /** how often it is tried before it is given up, kills of the process counted in */
  readonly attempts: number;
  readonly payload: z.ZodType<Record<string, unknown>>;
  /** Of those that are told the same at most one waits: who wants it earlier moves it. */
  readonly single?: true;
  /** at most so many at once in one worker, so that others never wait for them */
  readonly abreast?: number;
}

/** Every job: what it is called and what it must be told. What it does stands in `jobs/handlers.ts`. */
export const contracts = {
  // One of a worker's places stays free: a mail server that does not answer is nothing for others to wait for.
  'mail.send': { scope: 'portal', attempts: 12, payload: z.strictObject({ letterId: z.uuid() }), abreast: 3 },
  'sms.send': { scope: 'portal', attempts: 3, payload: z.strictObject({ smsId: z.uuid() }) },
  // After the first review about a number was published: its person is told once, where the portal wants that.
  'review.tell': { scope: 'portal', attempts: 5, payload: z.strictObject({ reviewId: z.uuid() }) },
  // An author took a published review back: what waits about it is closed, and whoever disputed it is told.
  'review.gone': { scope: 'portal', attempts: 8, payload: z.strictObject({ reviewId: z.uuid() }) },
  'person.request': { scope: 'portal', attempts: 8, payload: z.strictObject({ requestId: z.uuid() }) },
  'about.clear': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'password.letter': { scope: 'portal', attempts: 5, payload: z.strictObject({ email: z.string() }) },
  'bulk.run': { scope: 'company', attempts: 12, payload: z.strictObject({ bulkId: z.uuid() }) },
  'bulk.undo': { scope: 'company', attempts: 12, payload: z.strictObject({ bulkId: z.uuid() }) },
  'bulk.forget': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'tag.clear': { scope: 'company', attempts: 12, payload: z.strictObject({ tagId: z.uuid() }) },
  'export.run': { scope: 'company', attempts: 3, payload: z.strictObject({ exportId: z.uuid() }) },
  'import.check': { scope: 'company', attempts: 5, payload: z.strictObject({ importId: z.uuid() }) },
  // Goes on where it was: being killed again and again must not end it.
  'import.run': { scope: 'company', attempts: 20, payload: z.strictObject({ importId: z.uuid() }) },
  'imports.expire': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'exports.expire': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'duplicates.plan': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'duplicates.find': { scope: 'company', attempts: 3, payload: z.strictObject({}) },
  'reviews.backlog': { scope: 'company', attempts: 12, payload: z.strictObject({}) },
  // Numbers that an earlier version stored: whether they may take SMS.
  'numbers.read': { scope: 'company', attempts: 12, payload: z.strictObject({}) },
  // Does whatever a campaign needs next, and goes on where it was: being killed again and again must not end it.
  'campaign.send': {
    scope: 'company',
    attempts: 1000,
    payload: z.strictObject({ campaignId: z.uuid() }),
    single: true,
    abreast: 2,
  },
  'campaigns.sweep': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  // Asks the provider what it has not told.
  'deliveries.reconcile': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'walls.plan': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'walls.look': { scope: 'portal', attempts: 3, payload: z.strictObject({ runId: z.uuid() }), abreast: 1 },
  'outbox.clear': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  // Somebody was erased: what is left of them in files, and in what was typed in.
  'customer.forget': { scope: 'company', attempts: 20, payload: z.strictObject({ erasureId: z.uuid() }) },
  'journal.write': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
  'customers.erase': { scope: 'portal', attempts: 3, payload: z.strictObject({}) },
} as const satisfies Record<string, Contract>;

export type JobName = keyof typeof contracts;
export type Payload<Name extends JobName> = z.infer<(typeof contracts)[Name]['payload']>;
export type CompanyJob = { [N in JobName]: (typeof contracts)[N]['scope'] extends 'company' ? N : never }[JobName];

/** false: a name that only an older or newer version knows */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(contracts, name);
}
