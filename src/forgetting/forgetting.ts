import { openTold, retell } from '../customers/customers.ts';
import * as exports from '../exports/exports.ts';
import * as imports from '../imports/imports.ts';
import * as journal from '../journal/journal.ts';
import { type Named, queryWithoutNamed, withoutNamed } from '../kernel/mention.ts';
import * as reviews from '../reviews/reviews.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';
import { clearTexts } from './texts.ts';

interface Erasure {
  /** sealed; null: it is done */
  told: string | null;
  customer_ids: string[];
  reviews: boolean;
  created_at: Date;
}

/**
 * The job `customer.forget`: after somebody was erased, whatever else names them inside this company. Files of lists, uploaded files, rows
 * that wait, searches that were typed in, letters, the log, reviews the company wrote. Contacts decide: what is only called alike, and
 * what was written to many, stays as it is. What named the person stands with the erasure until this is done. A second time it finds nothing.
 */
export async function run(services: Services, company: Company, erasureId: string, signal: AbortSignal): Promise<void> {
  const { tenancy } = services;
  const found = await tenancy.inCompany(company, async (db) => {
    const [erasure] = await db.query<Erasure>(sql.open(erasureId));
    return erasure?.told ? { ...erasure, told: openTold(db, erasureId, erasure.told) } : null;
  });
  if (!found) return;
  const { told, ...erasure } = found;
  const about = new Set(told.texts);
  // A first name may be the whole name of something else.
  const inFull = { ...told, names: told.names.filter((name) => /\S\s+\S/.test(name)) };
  const note = async (db: CompanyDb, texts: readonly string[]) => {
    const fresh = texts.filter(
      (text) => !about.has(text) && withoutNamed(text, inFull, company.country, true) !== text,
    );
    if (fresh.length === 0) return;
    for (const text of fresh) about.add(text);
    await retell(db, erasureId, { ...told, texts: [...about] });
  };
  await journal.flush(services);
  await exports.dropFilesBefore(services, company, erasure.created_at);
  await tenancy.inCompany(company, (db) => clearOwnCampaigns(db, erasure.customer_ids, told, note));
  await imports.forgetNamed(services, company, { erasureId, named: told, noteFiles: note, signal });
  const named = { ...told, texts: [...about] };
  await tenancy.inCompany(company, (db) => clearQueries(db, named));
  const gone = { company, named, signal };
  await clearTexts((work) => tenancy.inCompany(company, work), sql.OF_COMPANY, gone);
  if (erasure.reviews) await forgetReviews(services, company, named);
  await clearTexts((work) => tenancy.inPortal(work), sql.OF_PORTAL, gone);
  await tenancy.inPortal((db) => db.execute(sql.dropTextsTo(company.id, named.phones)));
  await tenancy.inCompany(company, (db) => db.execute(sql.done(erasureId)));
}

/** What was written to them alone. Its name stands in other places too: it is noted. */
async function clearOwnCampaigns(
  db: CompanyDb,
  customerIds: readonly string[],
  named: Named,
  note: (db: CompanyDb, texts: readonly string[]) => Promise<void>,
): Promise<void> {
  const without = (text: string) => withoutNamed(text, named, db.company.country, true);
  for (const { id, name, body } of await db.query<sql.OwnCampaign>(sql.ownCampaigns(customerIds))) {
    await note(db, [name]);
    const left = { id, name: without(name), body: without(body) };
    if (left.name !== name || left.body !== body) await db.execute(sql.setCampaign(left));
  }
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
