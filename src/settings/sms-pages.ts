import { changeSmsSettings, smsForm, smsSettings } from '../companies/companies.ts';
import { moneyText } from '../kernel/money.ts';
import { dayOf, dayStart } from '../kernel/time.ts';
import { reserved, spentSince } from '../ledger/ledger.ts';
import { ceilingMinor, placeText, priceTable, priceText, sendersOf } from '../senders/senders.ts';
import type { CompanyContext } from '../web/context.ts';
import { explained, nothingTyped, type Refusal, submit } from '../web/form.ts';
import { sections } from './view.ts';

export function show(ctx: CompanyContext): Promise<void> {
  return page(ctx, nothingTyped);
}

export async function save(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const outcome = await submit(ctx, smsForm(company.currency, ctx.locale), (settings) =>
    services.tenancy.inCompany(company, (db) => changeSmsSettings(db, settings, member.user.id)),
  );
  if ('errors' in outcome) return page(ctx, outcome);
  ctx.redirect('/settings/sms', { kind: 'done', text: t('web.form.saved') });
}

async function page(ctx: CompanyContext, { values, errors }: Refusal): Promise<void> {
  const { company, t, format, now } = ctx;
  const month = dayStart(`${dayOf(now, company.timezone).slice(0, 7)}-01`, company.timezone);
  const [settings, senders, prices, spent, held] = await ctx.services.tenancy.reading(company, (db) =>
    Promise.all([smsSettings(db), sendersOf(db), priceTable(db, now), spentSince(db, month), reserved(db, now)]),
  );
  const refused = Object.keys(errors).length > 0;
  const [from = '', to = ''] = (settings.quietHours ?? '').split('-').map((clock) => clock.padStart(5, '0'));
  const stored = {
    consent: settings.consent,
    cap: String(settings.cap),
    budget: settings.budget === null ? '' : moneyText(settings.budget, company.currency),
    from: settings.quietHours ? from : '20:00',
    to: settings.quietHours ? to : '09:00',
  };
  const shown = { ...stored, ...values };
  const sum = (micros: bigint) => format.money(ceilingMinor(micros, company.currency), company.currency);
  await ctx.render(
    'settings/sms',
    {
      sections: sections(ctx),
      values: shown,
      errors,
      quiet: refused ? values.quiet === 'on' : settings.quietHours !== null,
      rules: explained(t, (rule, part) => `settings.sms.rule.${rule}.${part}`, ['existing', 'asked'], shown.consent),
      currency: company.currency,
      timezone: company.timezone,
      spent: t('settings.sms.spent', { sum: sum(spent) }),
      reserved: held > 0n ? t('settings.sms.reserved', { sum: sum(held) }) : null,
      senders: senders.map(({ name, address, perSecond }) => ({
        name,
        address,
        pace: t('settings.sms.pace', { count: perSecond, shown: format.number(perSecond) }),
      })),
      prices: prices.map(({ channel, country, micros }) => ({
        channel: t(`consents.channel.${channel}`),
        country: placeText(country, ctx.locale),
        price: micros === null ? t('settings.sms.noPrice') : priceText(micros, company.currency, ctx.locale),
      })),
    },
    refused ? 422 : 200,
  );
}
