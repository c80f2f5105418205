import { sql } from '../../../src/platform/db.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import type { TwoCompanies } from '../../tenancy/two-companies.ts';
import { abreast } from './abreast.ts';

/** Of tables whose every row says whose it is. */
interface Owned {
  company_id: string;
}

export interface Seen {
  rows: number;
  foreign: number;
  /** answers in which not even the own rows stood */
  empty: number;
  /** on purpose: a statement that fails, an error of the program's own, a question that takes too long */
  failed: number;
  broken: number;
  late: number;
  strange: Set<string>;
}

const TABLES = ['customer', 'contact', 'arrival', 'segment', 'campaign', 'delivery', 'consent', 'import'];
const ON_PURPOSE = 'on purpose';

/** Requests of both companies in any order through one connection of each kind, as the product's own handles ask. */
export async function oneConnection(world: TwoCompanies, requests: number, random: () => number): Promise<Seen> {
  const seen: Seen = { rows: 0, foreign: 0, empty: 0, failed: 0, broken: 0, late: 0, strange: new Set() };
  const plan = Array.from({ length: requests }, () => [random(), random(), random()] as const);
  await abreast(8, plan, async ([whose, how, what]) => {
    const company = whose < 0.5 ? world.a : world.b;
    const table = TABLES[Math.floor(what * TABLES.length)] ?? 'customer';
    await request(world, company, table, how, seen).catch((error: unknown) => excuse(error, seen));
  });
  return seen;
}

const KINDS = [
  'write',
  'write',
  'read',
  'read',
  'snapshot',
  'portal',
  'failed',
  'broken',
  'readFails',
  'late',
] as const;

async function request(world: TwoCompanies, company: Company, table: string, how: number, seen: Seen): Promise<void> {
  const { tenancy } = world;
  const asked = everything(table);
  const look = (rows: readonly Owned[]) => note(rows, company, seen);
  // Now and then only: each holds the one connection for as long as it takes.
  if (how > 0.995) {
    const late = await tenancy.readingWithin(company, 5, (db) => db.query(sql`select pg_sleep(0.05)`));
    return late === null ? void seen.late++ : void seen.strange.add('a late question was waited for');
  }
  const work = {
    write: () => tenancy.inCompany(company, async (db) => look(await db.query<Owned>(asked))),
    read: () => tenancy.reading(company, async (db) => look(await db.query<Owned>(asked))),
    snapshot: () => tenancy.inSnapshot(company, async (db) => look(await db.query<Owned>(asked))),
    portal: () => tenancy.inPortal((db) => db.query(sql`select id from company`)),
    failed: () =>
      tenancy.inCompany(company, async (db) => {
        look(await db.query<Owned>(asked));
        await db.query(sql`select 1 / 0`);
      }),
    broken: () =>
      tenancy.inCompany(company, async (db) => {
        look(await db.query<Owned>(asked));
        await db.execute(sql`update customer set name = name`);
        throw new Error(ON_PURPOSE);
      }),
    readFails: () => tenancy.reading(company, (db) => db.query(sql`select 1 / 0`)),
    late: () =>
      tenancy.inCompany(company, (db) =>
        db.query(sql`set local statement_timeout = 1`).then(() => db.query(sql`select pg_sleep(1)`)),
      ),
  };
  await work[KINDS[Math.floor(how * KINDS.length)] ?? 'read']();
}

/** By the table's name out of our own list. */
const everything = (table: string) =>
  ({
    customer: sql`select company_id from customer`,
    contact: sql`select company_id from contact`,
    arrival: sql`select company_id from arrival`,
    segment: sql`select company_id from segment`,
    campaign: sql`select company_id from campaign`,
    delivery: sql`select company_id from delivery`,
    consent: sql`select company_id from consent`,
    import: sql`select company_id from import`,
  })[table] ?? sql`select company_id from customer`;

function note(rows: readonly Owned[], company: Company, seen: Seen): void {
  seen.rows += rows.length;
  seen.foreign += rows.filter((row) => row.company_id !== company.id).length;
  if (rows.length === 0) seen.empty++;
}

function excuse(error: unknown, seen: Seen): void {
  const text = error instanceof Error ? error.message : String(error);
  if (text === ON_PURPOSE) seen.broken++;
  else if (/division by zero/.test(text)) seen.failed++;
  else if (/statement timeout/.test(text)) seen.late++;
  else seen.strange.add(text.slice(0, 200));
}
