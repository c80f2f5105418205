import type { Company } from '../tenancy/company.ts';
import type { OpenContext } from './guard-context.ts';
import { switchCompany } from './open-context.ts';

/**
 * A form carries the company it was shown in (`_company`). Saved when the session has moved on to another one, it is not
 * executed there: the page names both companies, keeps what was typed, and offers to switch back and send again.
 * Answers the context to go on with; null: the request is answered.
 */
export async function settleForeignCompany(ctx: OpenContext): Promise<OpenContext | null> {
  const { req, company } = ctx;
  const given: unknown = req.method === 'GET' || req.method === 'HEAD' ? undefined : req.body?._company;
  if (typeof given !== 'string' || !company || given === company.id) return ctx;
  const switched = await switchCompany(ctx, given);
  if (switched && req.body[SWITCH] === '1') {
    req.session.companyId = given;
    return switched;
  }
  await refuse(ctx, company, switched?.company?.name ?? null);
  return null;
}

const SWITCH = '_switch';

function refuse(ctx: OpenContext, now: Company, formCompany: string | null): Promise<void> {
  const { req, t } = ctx;
  const model = {
    title: t('web.foreignCompany.title'),
    formCompany,
    nowCompany: now.name,
    action: req.originalUrl,
    fields: [...typed(req.body), ...(formCompany ? [{ name: SWITCH, value: '1' }] : [])],
  };
  return ctx.render('web/foreign-company', model, 409);
}

/** Everything the form sent but its token, which the new form prints itself. */
function typed(body: Record<string, unknown>): { name: string; value: string }[] {
  return Object.entries(body)
    .filter(([name]) => name !== '_csrf' && name !== SWITCH)
    .flatMap(([name, given]) => [given].flat().map((value) => ({ name, value: String(value) })));
}
