import { lock } from '../../identity/identity.ts';
import { ensure, find, tagCustomer, tagField, untagCustomer } from '../../tags/tags.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { submit } from '../../web/form.ts';
import { localPath } from '../../web/local-path.ts';
import * as changes from '../history/changes.ts';
import { one } from '../one.ts';
import { generalPage } from '../pages.ts';

/** Puts a tag on one customer, by the name of one that is there or of a new one (P-08, P-64, P-70). */
export async function add(ctx: CompanyContext): Promise<void> {
  const userId = ctx.member.user.id;
  const outcome = await submit(ctx, tagField, ({ tag: name }) =>
    ctx.services.tenancy.inCompany(ctx.company, async (db) => {
      const id = await settled(db, idOf(ctx));
      if (!id) return null;
      const tag = await ensure(db, name, userId);
      const added = await tagCustomer(db, id, [tag.id], userId);
      if (added) await note(db, id, userId, 'tagged', tag.name);
      return { id, name: tag.name };
    }),
  );
  if ('errors' in outcome)
    return generalPage(ctx, { typed: outcome.values.tag ?? '', error: outcome.errors.tag ?? null });
  if (!outcome.saved) return ctx.notFound();
  const { id, name } = outcome.saved;
  ctx.redirect(backTo(ctx, id), { kind: 'done', text: ctx.t('tags.told.added', { name }) });
}

/** Takes a tag off one customer; twice is no mistake. */
export async function remove(ctx: CompanyContext): Promise<void> {
  const done = await ctx.services.tenancy.inCompany(ctx.company, async (db) => {
    const id = await settled(db, idOf(ctx));
    const known = await find(db, String(ctx.req.params.tag));
    if (!known || !id) return null;
    const taken = await untagCustomer(db, id, [known.id]);
    if (taken) await note(db, id, ctx.member.user.id, 'untagged', known.name);
    return { id, name: known.name };
  });
  if (!done) return ctx.notFound();
  ctx.redirect(backTo(ctx, done.id), { kind: 'done', text: ctx.t('tags.told.takenOff', { name: done.name }) });
}

/** Who it is by now, and until the end of the transaction: of a merged one the survivor. null: nobody. */
async function settled(db: CompanyDb, id: string): Promise<string | null> {
  await lock(db);
  const customer = await one(db, id);
  return customer && ('mergedInto' in customer ? customer.mergedInto : customer.id);
}

function note(db: CompanyDb, customerId: string, userId: string, action: 'tagged' | 'untagged', name: string) {
  const [before, after] = action === 'tagged' ? [null, name] : [name, null];
  return changes.write(db, { customerId, userId, action, changes: [{ field: 'tags', before, after }] });
}

/** The tab the form stood on; `id`: of who has the tag. */
function backTo(ctx: CompanyContext, id: string): string {
  const body: Record<string, unknown> = ctx.req.body ?? {};
  const [own, back] = [`/customers/${idOf(ctx)}`, localPath(body.back)];
  return id === idOf(ctx) && (back === own || back.startsWith(`${own}/`)) ? back : `/customers/${id}`;
}

const idOf = ({ req }: CompanyContext) => String(req.params.id);
