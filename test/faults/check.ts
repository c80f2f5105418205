import * as ledger from '../../src/ledger/ledger.ts';
import type { Taken } from '../standin/messages.ts';
import type { Stage } from './stage.ts';
import type { World } from './world.ts';

/** What is wrong between the stand-in's journal, which is the truth, and the ledger. Numbers of persons, but for `drift`. */
export interface Findings {
  operations: number;
  created: number;
  /** more than one create in one campaign */
  doubled: string[];
  /** neither created nor told why not, or said to have been taken while it was not */
  lost: string[];
  /** the ledger waits for something that nobody does any more */
  stuck: string[];
  /** nobody knows; they are listed as such */
  unknown: string[];
  /** of the unknown ones, how many the provider has */
  unknownTaken: number;
  /** created and said not to have been, under another one's id, or with another end than the provider's */
  wrong: string[];
  /** counters that differ from their rows, and rows of another company than their campaign's */
  drift: number;
}

interface Row extends Record<string, unknown> {
  address: string;
  state: ledger.State;
  sid: string | null;
}

const STUCK: readonly string[] = ['planned', 'claimed', 'calling'];
const TAKEN: readonly string[] = ['accepted', 'delivered', 'undelivered'];
const ENDS: readonly string[] = ['delivered', 'undelivered'];

/** The invariants that hold after every fault. `ids`: campaigns to everybody of the world. */
export async function check(stage: Stage, world: World, ids: readonly string[]): Promise<Findings> {
  const found: Findings = {
    ...{ operations: 0, created: 0, doubled: [], lost: [], stuck: [], unknown: [], unknownTaken: 0, wrong: [] },
    drift: 0,
  };
  for (const id of ids) await checkOne(stage, world, id, found);
  return found;
}

async function checkOne(stage: Stage, world: World, campaignId: string, found: Findings): Promise<void> {
  const rows = await stage.ask<Row>('select address, state, sid from delivery where campaign_id = $1', [campaignId]);
  const journal = await journalOf(stage, world, campaignId);
  const byNumber = new Map(rows.map((row) => [row.address, row]));
  for (const number of world.numbers) {
    const made = journal.get(number) ?? [];
    found.operations++;
    found.created += made.length;
    if (made.length > 1) found.doubled.push(number);
    judge(number, byNumber.get(number), made, found);
  }
  found.drift += await driftOf(stage, world, campaignId, rows);
}

function judge(number: string, row: Row | undefined, made: readonly Taken[], found: Findings): void {
  if (!row) return void found.lost.push(number);
  const { state, sid } = row;
  if (STUCK.includes(state)) found.stuck.push(number);
  if (state === 'unknown') {
    found.unknown.push(number);
    if (made.length > 0) found.unknownTaken++;
  }
  const one = made[0];
  if (TAKEN.includes(state) && !one) found.lost.push(number);
  if ((state === 'failed' || state === 'skipped') && one) found.wrong.push(number);
  if (one && sid !== null && sid !== one.sid) found.wrong.push(number);
  if (one && ENDS.includes(state) && state !== one.final) found.wrong.push(number);
}

/** Each message belongs to the delivery that its callback names. */
async function journalOf(stage: Stage, { numbers }: World, campaignId: string): Promise<Map<string, Taken[]>> {
  const ours = new Set(numbers);
  const rows = await stage.ask<{ id: string }>('select id from delivery where campaign_id = $1', [campaignId]);
  const deliveries = new Set(rows.map(({ id }) => id));
  const made = new Map<string, Taken[]>();
  for (const message of stage.standin.taken) {
    if (!ours.has(message.to) || !deliveries.has(deliveryOf(message) ?? '')) continue;
    made.set(message.to, [...(made.get(message.to) ?? []), message]);
  }
  return made;
}

/** Read out of the token, whatever its seal: 16 bytes of the company, 16 of the delivery. */
export function deliveryOf({ callback }: Pick<Taken, 'callback'>): string | null {
  const token = callback === null ? null : new URL(callback).searchParams.get('d');
  const hex = token === null ? '' : Buffer.from(token, 'base64url').subarray(16, 32).toString('hex');
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null;
}

async function driftOf(
  { services, ask }: Stage,
  { company }: World,
  id: string,
  rows: readonly Row[],
): Promise<number> {
  const counts = await services.tenancy.reading(company, (db) => ledger.counts(db, id));
  const drifted = ledger.STATES.filter((state) => counts[state] !== rows.filter((row) => row.state === state).length);
  const [foreign] = await ask<{ count: number }>(
    'select count(*)::int as count from delivery where campaign_id = $1 and company_id <> $2',
    [id, company.id],
  );
  return drifted.length + (foreign?.count ?? 0);
}

/** Of several worlds. */
export const add = (all: readonly Findings[]): Findings => ({
  operations: all.reduce((total, { operations }) => total + operations, 0),
  created: all.reduce((total, { created }) => total + created, 0),
  unknownTaken: all.reduce((total, { unknownTaken }) => total + unknownTaken, 0),
  drift: all.reduce((total, { drift }) => total + drift, 0),
  doubled: all.flatMap(({ doubled }) => doubled),
  lost: all.flatMap(({ lost }) => lost),
  stuck: all.flatMap(({ stuck }) => stuck),
  unknown: all.flatMap(({ unknown }) => unknown),
  wrong: all.flatMap(({ wrong }) => wrong),
});
