import * as consents from '../../consents/consents.ts';
import * as customers from '../../customers/customers.ts';
import { quietUntil } from '../../kernel/quiet.ts';
import * as ledger from '../../ledger/ledger.ts';
import * as senders from '../../senders/senders.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { nothingTyped, type Refusal, submit, typedValues } from '../../web/form.ts';
import { readBefore } from '../../web/pager.ts';
import { oneForm } from '../draft/input.ts';
import { sendToOne } from '../draft/single.ts';
import { OverBudget } from '../launch/budget.ts';
import { check } from './check.ts';
import { oneModel } from './one-view.ts';
import * as sql from './sql.ts';

const PER_PAGE = 20;

/** What was sent to this customer, and the form that sends more. */
export const showTab = (ctx: CompanyContext): Promise<void> => tab(ctx, nothingTyped);

async function tab(ctx: CompanyContext, refusal: Refusal, dear: OverBudget | null = null): Promise<void> {
  const before = readBefore(ctx);
  const visited = await customers.visit(ctx, 'sms', (db, { id }) => load(ctx, db, id, refusal, before));
  if (!visited) return;
  const { customer, header, loaded } = visited;
  const status = dear || Object.keys(refusal.errors).length > 0 ? 422 : 200;
  await ctx.render('sms/customer', oneModel(ctx, { customer, header, ...loaded, refusal, before, dear }), status);
}

async function load(ctx: CompanyContext, db: CompanyReader, id: string, { values }: Refusal, before: string | null) {
  const phones = await db.query<sql.PhoneRow>(sql.phones(id));
  const keys = phones.flatMap(({ phone_key: key }) => (key === null ? [] : [key]));
  const [silenced, told] = [await consents.suppressedOf(db, keys), await consents.consentsOf(db, keys)];
  const [company] = await db.query<sql.Quiet>(sql.quietHours());
  return {
    phones,
    silenced: new Map(silenced.map((row) => [row.addressKey, row.reason])),
    refused: new Set(told.filter(({ granted }) => !granted).map((row) => `${row.channel} ${row.addressKey}`)),
    quiet: quietUntil(ctx.now, db.company.timezone, company?.quiet_hours ?? null),
    senders: await senders.sendersOf(db),
    sent: await ledger.sentTo(db, id, { per: PER_PAGE, before }),
    checked: await check(ctx, db, { body: values.body ?? '', whom: { ids: [id] }, q: '' }),
  };
}

/** Sends, or says beside the field why it cannot. */
export async function send(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const id = String(ctx.req.params.id);
  const customer = await services.tenancy.reading(company, (db) => customers.one(db, id));
  // A foreign one, a deleted one, or one that has been merged: the page knows what to answer.
  if (!customer || 'mergedInto' in customer) return tab(ctx, nothingTyped);
  if (ctx.req.body?.do === 'check') return tab(ctx, { values: typedValues(ctx.req.body), errors: {} });
  const order = { userId: member.user.id, now: ctx.now, publicUrl: services.config.publicUrl, tellsBudget: true };
  let dear: OverBudget | null = null;
  const outcome = await submit(ctx, oneForm, ({ channel, sender, body, now }) => {
    const name = customers.nameOf(customer, ctx).slice(0, 100);
    const fields = {
      customerId: id,
      name,
      channel,
      sender: sender === '' ? null : sender,
      body,
      obeysQuietHours: !now,
    };
    return services.tenancy
      .inCompany(company, (db) => sendToOne(db, fields, order))
      .catch((error: unknown) => {
        if (error instanceof OverBudget) dear = error;
        throw error;
      });
  });
  if (dear) return tab(ctx, { values: typedValues(ctx.req.body), errors: {} }, dear);
  if ('errors' in outcome) return tab(ctx, outcome);
  const link = { path: `/sms/${outcome.saved}`, text: t('sms.one.follow') };
  ctx.redirect(`/customers/${id}/sms`, { kind: 'done', text: t('sms.one.done'), link });
}
