import { ensure, find, tagCustomer, tagField, untagCustomer } from '../../tags/tags.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { submit } from '../../web/form.ts';
import { localPath } from '../../web/local-path.ts';
import * as changes from '../history/changes.ts';
import { one } from '../one.ts';
import { generalPage } from '../pages.ts';

const idOf = ({ req }: CompanyContext) => String(req.params.id);

/** Puts a tag on one customer, by the name of one that is there or of a new one (P-08, P-64, P-70). */
export async function add(ctx: CompanyContext): Promise<void> {
  const userId = ctx.member.user.id;
  const outcome = await submit(ctx, tagField, ({ tag: name }) =>
    ctx.services.tenancy.inCompany(ctx.company, async (db) => {
      if (!(await isListed(db, idOf(ctx)))) return null;
      const tag = await ensure(db, name, userId);
      const added = await tagCustomer(db, idOf(ctx), tag.id, userId);
      if (added) await note(db, idOf(ctx), userId, 'tagged', tag.name);
      return tag;
    }),
  );
  if ('errors' in outcome)
    return generalPage(ctx, { typed: outcome.values.tag ?? '', error: outcome.errors.tag ?? null });
  if (!outcome.saved) return ctx.notFound();
  ctx.redirect(backTo(ctx), { kind: 'done', text: ctx.t('tags.told.added', { name: outcome.saved.name }) });
}

/** Takes a tag off one customer; twice is no mistake. */
export async function remove(ctx: CompanyContext): Promise<void> {
  const tag = await ctx.services.tenancy.inCompany(ctx.company, async (db) => {
    const known = await find(db, String(ctx.req.params.tag));
    if (!known || !(await isListed(db, idOf(ctx)))) return null;
    const taken = await untagCustomer(db, idOf(ctx), known.id);
    if (taken) await note(db, idOf(ctx), ctx.member.user.id, 'untagged', known.name);
    return known;
  });
  if (!tag) return ctx.notFound();
  ctx.redirect(backTo(ctx), { kind: 'done', text: ctx.t('tags.told.takenOff', { name: tag.name }) });
}

async function isListed(db: CompanyDb, id: string): Promise<boolean> {
  const customer = await one(db, id);
  return customer !== null && !('mergedInto' in customer);
}

function note(db: CompanyDb, customerId: string, userId: string, action: 'tagged' | 'untagged', name: string) {
  const [before, after] = action === 'tagged' ? [null, name] : [name, null];
  return changes.write(db, { customerId, userId, action, changes: [{ field: 'tags', before, after }] });
}

/** The tab the form stood on. */
function backTo(ctx: CompanyContext): string {
  const body: Record<string, unknown> = ctx.req.body ?? {};
  const [own, back] = [`/customers/${idOf(ctx)}`, localPath(body.back)];
  return back === own || back.startsWith(`${own}/`) ? back : own;
}
