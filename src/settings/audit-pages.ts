import * as audit from '../audit/audit.ts';
import type { CompanyContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import { sections } from './view.ts';

const PATH = '/settings/audit';
const PER_PAGE = 50;
const PER_BATCH = 1000;

/** Everything that was done in the company. */
export async function list(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const { wish, found } = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const wish = await audit.readWish(ctx, db);
    const none = Object.keys(wish.errors).length > 0;
    const found = none ? { entries: [], more: false } : await audit.list(db, wish.conditions, PER_PAGE, before);
    return { wish, found };
  });
  const model = audit.logModel(ctx, wish, { path: PATH, companies: false, before, ...found });
  await ctx.render('settings/audit', { ...model, sections: sections(ctx) });
}

export async function download(ctx: CompanyContext): Promise<void> {
  const { services, company, member, req } = ctx;
  const wish = await services.tenancy.reading(company, (db) => audit.readWish(ctx, db));
  if (Object.keys(wish.errors).length > 0) return ctx.redirect(`${PATH}?${new URLSearchParams(wish.typed)}`);
  if (req.method !== 'HEAD') {
    const subject = { filter: new URLSearchParams(wish.typed).toString() };
    await services.tenancy.inCompany(company, (db) =>
      audit.write(db, { userId: member.user.id, action: 'audit.taken', subject }),
    );
  }
  await audit.logFile(ctx, (before) =>
    services.tenancy.reading(company, (db) => audit.list(db, wish.conditions, PER_BATCH, before)),
  );
}
