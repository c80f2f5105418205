import type { CompanyContext } from '../../web/context.ts';
import { readBefore } from '../../web/pager.ts';
import { visit } from '../visit.ts';
import { deleted, erase, oneDeleted, remove, restore } from './trash.ts';
import { deletedModel, deletionModel, erasureModel, takenWords } from './view.ts';

const PER_PAGE = 50;
const PATH = '/customers/deleted';

export async function confirmDeletion(ctx: CompanyContext): Promise<void> {
  const visited = await visit(ctx, 'general', async () => null);
  if (visited) await ctx.render('customers/deletion', deletionModel(ctx, visited.customer));
}

export async function deleteOne(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const ids = [String(ctx.req.params.id)];
  const removed = await services.tenancy.inCompany(company, (db) => remove(db, ids, member.user.id));
  if (removed.length === 0) return ctx.notFound();
  ctx.redirect(PATH, { kind: 'done', text: t('customers.deletion.done') });
}

export async function showDeleted(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const leaf = await ctx.services.tenancy.reading(ctx.company, (db) => deleted(db, PER_PAGE, before));
  await ctx.render('customers/deleted', deletedModel(ctx, leaf, before));
}

export async function restoreOne(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const id = String(ctx.req.params.id);
  const { ids, taken } = await services.tenancy.inCompany(company, (db) => restore(db, [id], member.user.id));
  if (ids.length === 0) return ctx.notFound();
  const contacts = takenWords(ctx, taken);
  const text = contacts ? t('customers.deleted.taken', { contacts }) : t('customers.deleted.restored');
  ctx.redirect(`/customers/${id}`, { kind: contacts ? 'error' : 'done', text });
}

export async function confirmErasure(ctx: CompanyContext): Promise<void> {
  const { services, company } = ctx;
  const row = await services.tenancy.reading(company, (db) => oneDeleted(db, String(ctx.req.params.id)));
  if (!row) return ctx.notFound();
  await ctx.render('customers/deletion', erasureModel(ctx, row));
}

export async function eraseOne(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const ids = [String(ctx.req.params.id)];
  const erased = await services.tenancy.inCompany(company, (db) => erase(db, ids, member.user.id));
  if (erased === 0) return ctx.notFound();
  ctx.redirect(PATH, { kind: 'done', text: t('customers.erasure.done') });
}
