import { openTold } from '../customers/customers.ts';
import * as exports from '../exports/exports.ts';
import * as imports from '../imports/imports.ts';
import * as journal from '../journal/journal.ts';
import { isNamed, type Named, queryWithoutNamed, withoutNamed } from '../kernel/mention.ts';
import * as reviews from '../reviews/reviews.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

interface Erasure {
  /** sealed; null: it is done */
  told: string | null;
  reviews: boolean;
  created_at: Date;
}

/**
 * The job `customer.forget`: after somebody was erased, whatever else names them inside this company. Files of lists, uploaded files, rows
 * that wait, searches that were typed in, letters, the log, reviews the company wrote. What named the person stands with the erasure until
 * this is done. A second time it finds nothing.
 */
export async function run(services: Services, company: Company, erasureId: string, signal: AbortSignal): Promise<void> {
  const { tenancy } = services;
  const found = await tenancy.inCompany(company, async (db) => {
    const [erasure] = await db.query<Erasure>(sql.open(erasureId));
    return erasure?.told ? { ...erasure, named: openTold(db, erasureId, erasure.told) } : null;
  });
  if (!found) return;
  const { named, ...erasure } = found;
  await journal.flush(services);
  await exports.dropFilesBefore(services, company, erasure.created_at);
  await imports.forgetNamed(services, company, named, signal);
  await tenancy.inCompany(company, (db) => clearQueries(db, named));
  await tenancy.inCompany(company, (db) => clearTexts(db, sql.OF_COMPANY, named));
  if (erasure.reviews) await forgetReviews(services, company, named);
  await tenancy.inPortal((db) => clearPortal(db, company, named));
  await tenancy.inCompany(company, (db) => db.execute(sql.done(erasureId)));
}

/** What lists were searched for: in exports, bulk actions, campaigns and segments. */
async function clearQueries(db: CompanyDb, named: Named): Promise<void> {
  for (const table of sql.WITH_FILTER) {
    const rows = await db.query<{ id: string; text: string }>(sql.filters(table, named));
    for (const { id, text } of rows) {
      const left = queryWithoutNamed(text, named, db.company.country);
      if (left !== text) await db.execute(sql.setFilter(table, id, left));
    }
  }
}

async function clearTexts(db: CompanyDb, places: readonly sql.Place[], named: Named): Promise<void> {
  for (const place of places) await clearPlace(db, place, named, db.company);
}

async function clearPlace(db: CompanyDb | PortalDb, place: sql.Place, named: Named, company: Company): Promise<void> {
  const rows = await db.query<{ id: string; value: unknown }>(sql.texts(place, company.id, named));
  for (const { id, value } of rows) {
    const left = cleared(value, named, company.country);
    if (JSON.stringify(left) !== JSON.stringify(value)) await db.execute(sql.setText(place, company.id, id, left));
  }
}

/** Every text inside; one that is an address is read as one. */
function cleared(value: unknown, named: Named, country: string): unknown {
  if (typeof value === 'string') {
    const text = /^(?:where|q|segment|sort|per)=/.test(value) ? queryWithoutNamed(value, named, country) : value;
    const left = withoutNamed(text, named, country);
    return left === text && isNamed(text, named, country) ? '…' : left;
  }
  if (Array.isArray(value)) return value.map((each) => cleared(each, named, country));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleared(each, named, country)]));
}

/** What the company wrote about these numbers is taken back, and its words go. */
async function forgetReviews({ tenancy, clock }: Services, company: Company, { phones }: Named): Promise<void> {
  const ids = await tenancy.inCompany(company, async (db) => {
    const keys = phones.map(db.keyOfPhone);
    const own = await db.query<{ id: string }>(sql.ownReviews(keys));
    for (const { id } of own) await reviews.withdraw(db, id, { userId: null, now: clock() });
    const gone = own.map(({ id }) => id);
    await db.execute(sql.blankRevisions(gone));
    await db.execute(sql.blankOwn(gone));
    return gone;
  });
  await tenancy.inPortal(async (db) => {
    await db.execute(sql.dropLooks(company.id, phones.map(db.keyOfPhone)));
    await blankPublished(db, ids);
  });
}

async function blankPublished(db: PortalDb, ids: readonly string[]): Promise<void> {
  await db.execute(sql.blankPublished(ids));
  await db.execute(sql.blankCases(ids));
}

/** Tables of the portal that hold rows of the company. */
async function clearPortal(db: PortalDb, company: Company, named: Named): Promise<void> {
  for (const place of sql.OF_PORTAL) await clearPlace(db, place, named, company);
  await db.execute(sql.dropTextsTo(company.id, named.phones));
}
