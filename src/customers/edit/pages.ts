import * as tags from '../../tags/tags.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { regions } from '../regions.ts';
import { type Base, baseOf, readBase } from './base.ts';
import { type Complaint, check } from './check.ts';
import { settleConflict, showConflict } from './conflict.ts';
import { type Details, type Draft, emptyDraft, nobody } from './details.ts';
import { draftOf, readDraft, rearranged } from './draft.ts';
import { add, edit } from './save.ts';
import { load, type Stored } from './stored.ts';
import { editModel, type Shown } from './view.ts';

/** The fields are the same for adding and editing (P-56). */
export const showNew = (ctx: CompanyContext): Promise<void> => page(ctx, { ...NEW, draft: emptyDraft });

const NEW = { stored: null, base: null };

export async function create(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const body = bodyOf(ctx);
  const draft = readDraft(body);
  const moved = rearranged(draft, wishOf(body));
  if (moved) return page(ctx, { ...NEW, ...moved });
  const checked = check(draft, nobody, nobody, company.country);
  if ('complaints' in checked) return page(ctx, { ...NEW, draft, errors: words(ctx, checked.complaints) });
  const { details } = checked;
  if (details.name === '' && details.phones.length + details.emails.length === 0 && details.otherChannels === '')
    return page(ctx, { ...NEW, draft, errors: { name: t('customers.edit.nobody') } });
  const consent = { seen: seenOf(body), userId: member.user.id };
  const outcome = await services.tenancy.inCompany(company, (db) => add(db, details, consent));
  if ('lookalikes' in outcome) return page(ctx, { ...NEW, draft, lookalikes: outcome.lookalikes });
  const text = t(outcome.leftOut ? 'customers.edit.addedWithout' : 'customers.edit.added');
  ctx.redirect(`/customers/${outcome.id}`, { kind: 'done', text });
}

/** P-54, P-55, P-69 */
export async function showEdit(ctx: CompanyContext): Promise<void> {
  const stored = await find(ctx, (id) => ctx.services.tenancy.reading(ctx.company, (db) => load(db, id, false)));
  if (!stored) return;
  const base = baseOf(stored, ctx.now);
  await page(ctx, { stored, base, draft: draftOf(stored.details, stored.details) });
}

export async function save(ctx: CompanyContext): Promise<void> {
  const { services, company, now } = ctx;
  const stored = await find(ctx, (id) => services.tenancy.reading(company, (db) => load(db, id, false)));
  if (!stored) return;
  const body = bodyOf(ctx);
  const base = readBase(body.base, stored, now);
  const draft = readDraft(body);
  const form = { stored, base, draft };
  const moved = rearranged(draft, wishOf(body));
  if (moved) return page(ctx, { ...form, ...moved });
  const checked = check(draft, base.details, stored.details, company.country);
  if ('complaints' in checked) return page(ctx, { ...form, errors: words(ctx, checked.complaints) });
  if (wishOf(body) !== 'choose') return store(ctx, stored, base, draft, checked.details);
  const settled = await settleConflict(ctx, stored, base, draft, checked.details, body);
  if (!settled) return;
  const { shown, details } = settled;
  await store(ctx, stored, shown, draftOf(details, shown.details), details);
}

async function store(ctx: CompanyContext, stored: Stored, base: Base, draft: Draft, details: Details): Promise<void> {
  const { services, company, member, t } = ctx;
  const body = bodyOf(ctx);
  const { id } = stored;
  const consent = { seen: seenOf(body), userId: member.user.id };
  const work = (db: CompanyDb) => edit(db, id, base, details, consent);
  const outcome = await services.tenancy.inCompany(company, work);
  if (!outcome) return ctx.notFound();
  if ('mergedInto' in outcome) return ctx.res.redirect(303, `/customers/${outcome.mergedInto}/edit`);
  if ('theirs' in outcome) return showConflict(ctx, outcome.theirs, base, draft, details);
  if ('lookalikes' in outcome) return page(ctx, { stored, base, draft, lookalikes: outcome.lookalikes });
  if (wishOf(body) === 'merge') return ctx.redirect(`/duplicates/merge?ids=${[id, ...consent.seen].join(',')}`);
  const text = t(
    outcome.leftOut ? 'customers.edit.savedWithout' : outcome.changed ? 'web.form.saved' : 'customers.edit.same',
  );
  ctx.redirect(`/customers/${id}`, { kind: 'done', text });
}

/** null: it has been answered */
async function find(
  ctx: CompanyContext,
  read: (id: string) => Promise<Stored | { mergedInto: string } | null>,
): Promise<Stored | null> {
  const stored = await read(String(ctx.req.params.id));
  if (!stored) await ctx.notFound();
  else if ('mergedInto' in stored) ctx.res.redirect(303, `/customers/${stored.mergedInto}/edit`);
  else return stored;
  return null;
}

async function page(ctx: CompanyContext, shown: Omit<Shown, 'regions' | 'tags'>): Promise<void> {
  const read = async (db: CompanyReader) => ({ regions: await regions(db), tags: await tags.dictionary(db) });
  const lists = await ctx.services.tenancy.reading(ctx.company, read);
  const refused = shown.lookalikes !== undefined || Object.keys(shown.errors ?? {}).length > 0;
  await ctx.render('customers/edit', editModel(ctx, { ...shown, ...lists }), refused ? 422 : 200);
}

type Body = Record<string, unknown>;

const bodyOf = ({ req }: CompanyContext): Body => req.body ?? {};
const wishOf = (body: Body): string => (typeof body.do === 'string' ? body.do : '');

/** What the warning showed counts only with its own buttons: an ordinary "Save" asks again. */
const seenOf = (body: Body): string[] =>
  ['anyway', 'merge'].includes(wishOf(body)) && typeof body.seen === 'string' ? body.seen.split(',') : [];

const words = ({ t }: CompanyContext, complaints: readonly Complaint[]): Record<string, string> =>
  Object.fromEntries(complaints.toReversed().map(({ field, key, count }) => [field, t(key, { count })]));
