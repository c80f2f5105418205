import { newId } from '../../kernel/id.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyDb, CompanySnapshot } from '../../tenancy/handles.ts';
import type { Services } from '../../web/services.ts';
import * as sql from './sql.ts';

/** So many of the same name in a region may be one person; more are people with a common name. */
const MOST_NAMESAKES = 3;
/** So many numbers that differ in one place only may be slips of the pen. */
const MOST_ALIKE = 3;
/** The digits of a number are blanked one after the other from its end; what stands before is the country's code. */
const PLACES = 9;
/** Among so many numbers of a country, chance makes about one such pair; beyond, names have to agree. */
const FEW_PHONES = 2_000;
/** Where more pairs than this part of the numbers are so alike under other names, the numbers simply lie close together. */
const CLOSE = 1 / 100;
/** A contact is proposed as shared beyond so many names (DESIGN: identity). */
const MOST_NAMES = 5;
/** So many questions of a kind may be open: who has decided those finds more the next day. */
const MOST_OPEN = 100;

/**
 * Looks through a company for customers that may be one, and for contacts that seem to be many people's. What was asked before is
 * not asked again, nor what people keep apart. May run at any time, any number of times. Answers how much was new.
 */
export async function findNear({ tenancy }: Pick<Services, 'tenancy'>, company: Company): Promise<number> {
  const near = await tenancy.inSnapshot(company, look);
  return tenancy.inCompany(company, async (db) => {
    const found =
      (await raise(db, 'digit', near.digit)) + (await raise(db, 'name', near.name)) + (await propose(db, near.crowds));
    await db.execute(sql.finished(company.id, found));
    return found;
  });
}

async function look(db: CompanySnapshot) {
  return {
    digit: await byDigit(db, await room(db, 'digit')),
    name: await db.query<sql.Pair>(sql.sameName(MOST_NAMESAKES, await room(db, 'name'))),
    crowds: await db.query<sql.Crowd>(sql.crowds(MOST_NAMES, MOST_OPEN)),
  };
}

async function byDigit(db: CompanySnapshot, room: number): Promise<sql.Pair[]> {
  const phones = await countOf(db, sql.phones());
  const pairs: sql.Pair[] = [];
  for (let place = 1; place <= PLACES; place++) {
    pairs.push(...(await db.query<sql.Pair>(sql.oneDigit(place, MOST_ALIKE, phones <= FEW_PHONES, room))));
  }
  const [same, others] = [pairs.filter(({ agree }) => agree), pairs.filter(({ agree }) => !agree)];
  const isChance = others.length > Math.max(1, phones * CLOSE);
  return [...same, ...(isChance ? [] : others)].slice(0, room);
}

const room = async (db: CompanySnapshot, reason: 'digit' | 'name') =>
  Math.max(0, MOST_OPEN - (await countOf(db, sql.open(reason))));

async function countOf(db: CompanySnapshot, statement: ReturnType<typeof sql.phones>): Promise<number> {
  return Number((await db.query<{ count: bigint }>(statement))[0]?.count ?? 0n);
}

async function raise(db: CompanyDb, reason: 'digit' | 'name', pairs: readonly sql.Pair[]): Promise<number> {
  if (pairs.length === 0) return 0;
  // The list shows the newest first: the most likely come last.
  const rows = pairs.toReversed().map((pair) => ({ ...pair, id: newId() }));
  return db.execute(sql.raise(db.company.id, JSON.stringify(rows), reason));
}

async function propose(db: CompanyDb, crowds: readonly sql.Crowd[]): Promise<number> {
  if (crowds.length === 0) return 0;
  const rows = crowds.map(({ kind, value, names }) => ({ id: newId(), kind, value, names: Number(names) }));
  return db.execute(sql.propose(db.company.id, JSON.stringify(rows)));
}
