import { one } from '../../customers/customers.ts';
import type { CompanyContext } from '../../web/context.ts';
import { MOST_UNFINISHED, requestPerson } from '../exports.ts';

declare module '../../web/views.ts' {
  interface Views {
    'exports/person': PersonModel;
  }
}

interface PersonModel {
  title: string;
  action: string;
  back: string;
}

export async function showPerson(ctx: CompanyContext): Promise<void> {
  const found = await customerOf(ctx);
  if (!found) return ctx.notFound();
  const back = `/customers/${found.id}`;
  await ctx.render('exports/person', { title: ctx.t('exports.person.ask'), action: `${back}/copy`, back });
}

/** Has everything about one customer put into a file; where it is told is the page of exports. */
export async function createPerson(ctx: CompanyContext): Promise<void> {
  const { services, company, member, locale, t } = ctx;
  const found = await customerOf(ctx);
  if (!found) return ctx.notFound();
  const wanted = { userId: member.user.id, locale, customerId: found.id };
  const id = await services.tenancy.inCompany(company, (db) => requestPerson(db, wanted));
  if (id) return ctx.redirect('/exports', { kind: 'done', text: t('exports.requested', { email: member.user.email }) });
  ctx.redirect('/exports', { kind: 'error', text: t('exports.tooMany', { count: MOST_UNFINISHED }) });
}

/** null: there is none of that id here, or it has become another one */
async function customerOf({ services, company, req }: CompanyContext): Promise<{ id: string } | null> {
  const found = await services.tenancy.reading(company, (db) => one(db, String(req.params.id)));
  return found && 'id' in found ? found : null;
}
