import { z } from 'zod';
import * as customers from '../../customers/customers.ts';
import * as messages from '../../messages/messages.ts';
import type { CompanyContext } from '../../web/context.ts';
import { submit } from '../../web/form.ts';
import { body } from '../draft/input.ts';
import { reply } from './reply.ts';
import * as sql from './sql.ts';

const replyForm = z.object({ body });

/** `POST /customers/:id/messages?thread=…`: answers in that conversation, which the customer has begun. */
export async function send(ctx: CompanyContext): Promise<void> {
  const { req, services, company, member, t } = ctx;
  const customerId = String(req.params.id);
  const thread = typeof req.query.thread === 'string' ? req.query.thread : '';
  const talk = messages.talkOf(thread);
  if (!talk) return ctx.notFound();
  const customer = await services.tenancy.reading(company, (db) => customers.one(db, customerId));
  // A foreign one, a deleted one, or one that has been merged: the page knows what to answer.
  if (!customer || 'mergedInto' in customer) return messages.showThread(ctx, thread);
  const wrote = await services.tenancy.reading(company, (db) => db.query(sql.wroteIn(customerId, thread)));
  if (wrote.length === 0) return ctx.notFound();
  const order = { userId: member.user.id, now: ctx.now, publicUrl: services.config.publicUrl };
  const name = customers.nameOf(customer, ctx).slice(0, 100);
  const outcome = await submit(ctx, replyForm, (given) =>
    services.tenancy.inCompany(company, (db) => reply(db, { customerId, talk, name, body: given.body }, order)),
  );
  if ('errors' in outcome) return messages.showThread(ctx, thread, outcome);
  const back = `/customers/${customerId}/messages?${new URLSearchParams({ thread })}`;
  ctx.redirect(back, { kind: 'done', text: t('sms.one.done') });
}
