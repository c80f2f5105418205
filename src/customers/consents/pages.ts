import * as audit from '../../audit/audit.ts';
import { consentForm, consentsOf, kindOf, record, recordsOf, suppressedOf } from '../../consents/consents.ts';
import { phoneHint, phoneKey } from '../../kernel/phone-key.ts';
import type { CompanyContext } from '../../web/context.ts';
import { nothingTyped, type Refusal, submit } from '../../web/form.ts';
import { one } from '../one.ts';
import type { CustomerRow } from '../sql.ts';
import { visit } from '../visit.ts';
import { type Known, pageModel } from './view.ts';

/** Who may be written to on which channel, since when and by whose word; every word ever told. */
export const show = (ctx: CompanyContext): Promise<void> => page(ctx, nothingTyped);

/** What a person of the company was told by the customer, with where it was told. */
export async function save(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const customer = await services.tenancy.reading(company, (db) => one(db, String(ctx.req.params.id)));
  if (!customer) return ctx.notFound();
  if ('mergedInto' in customer) return ctx.redirect(`/customers/${customer.mergedInto}/consents`);
  const outcome = await submit(ctx, consentForm([...customer.phones, ...customer.emails]), ({ what, ...said }) =>
    services.tenancy.inCompany(company, async (db) => {
      const { channel, address } = what;
      await record(db, [{ ...said, channel, at: now, addressKey: db.keyOfPhone(address) }], member.user.id);
      const hint = kindOf(channel) === 'phone' ? phoneHint(address) : null;
      const subject = { id: customer.id, channel, hint, consent: said.granted };
      await audit.write(db, { userId: member.user.id, action: 'consent.recorded', subject });
    }),
  );
  if ('errors' in outcome) return page(ctx, outcome);
  ctx.redirect(`/customers/${customer.id}/consents`, { kind: 'done', text: t('consents.told.recorded') });
}

async function page(ctx: CompanyContext, refusal: Refusal): Promise<void> {
  const visited = await visit(ctx, 'consents', async (db, customer) => {
    const keys = keysOf(ctx, customer);
    const known = [...keys.values()];
    const [held, silent, records] = await Promise.all([
      consentsOf(db, known),
      suppressedOf(db, known),
      recordsOf(db, known),
    ]);
    return { keys, held, silent, records };
  });
  if (!visited) return;
  const model = pageModel(ctx, visited.customer, visited.header, visited.loaded, refusal);
  await ctx.render('customers/consents', model, Object.keys(refusal.errors).length > 0 ? 422 : 200);
}

/** What is known of the numbers and e-mails of a customer, for the box on its first page. */
export async function knownOf(
  ctx: CompanyContext,
  db: Parameters<typeof consentsOf>[0],
  customer: CustomerRow,
): Promise<Known> {
  const keys = keysOf(ctx, customer);
  const known = [...keys.values()];
  const [held, silent] = await Promise.all([consentsOf(db, known), suppressedOf(db, known)]);
  return { keys, held, silent };
}

const keysOf = ({ services }: CompanyContext, { phones, emails }: CustomerRow) =>
  new Map([...phones, ...emails].map((address) => [address, phoneKey(services.secrets.phoneKey, address)]));
