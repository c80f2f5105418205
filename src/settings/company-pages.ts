import { changeProfile, companyProfile } from '../companies/companies.ts';
import { lock, rebuildRollup } from '../identity/identity.ts';
import { LOCALES } from '../platform/i18n.ts';
import type { CompanyContext } from '../web/context.ts';
import { choices, explained, nothingTyped, type Refusal, submit } from '../web/form.ts';
import { sections } from './view.ts';

export function first(ctx: CompanyContext): void {
  ctx.redirect('/settings/company');
}

export function show(ctx: CompanyContext): Promise<void> {
  return page(ctx, nothingTyped);
}

export async function save(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const outcome = await submit(ctx, companyProfile, (profile) =>
    services.tenancy.inCompany(company, async (db) => {
      if (profile.timezone === company.timezone) return changeProfile(db, profile, member.user.id);
      // Days begin at other moments now: no order may be counted meanwhile.
      await lock(db);
      await changeProfile(db, profile, member.user.id);
      await rebuildRollup(db);
    }),
  );
  if ('errors' in outcome) return page(ctx, outcome);
  ctx.redirect('/settings/company', { kind: 'done', text: t('web.form.saved') });
}

const identityKey = (choice: string, part: string) => `settings.identity.${choice}.${part}`;

function page(ctx: CompanyContext, { values, errors }: Refusal): Promise<void> {
  const { company, t } = ctx;
  const { name, timezone, locale, identity, country, currency, slug } = company;
  const typed = { name, timezone, locale, identity, ...values };
  const model = {
    sections: sections(ctx),
    values: typed,
    errors,
    zones: Intl.supportedValuesOf('timeZone'),
    locales: choices(LOCALES, typed.locale, (code) => t(`auth.locale.${code}`)),
    identities: explained(t, identityKey, ['automatic', 'ask'], typed.identity),
    country,
    currency,
    slug,
  };
  return ctx.render('settings/company', model, Object.keys(errors).length > 0 ? 422 : 200);
}
