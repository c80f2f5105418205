import type { Context } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import * as outbox from './outbox.ts';
import { outboxModel } from './view.ts';

const PER_PAGE = 20;

/**
 * What the unset transports would have sent. For the developer at the machine itself, never in production, nor where letters and
 * SMS reach their people: their links and codes are nobody else's.
 */
export async function list(ctx: Context): Promise<void> {
  const { production, smtpUrl: email, twilio: sms, viber, messenger } = ctx.services.config;
  const unset = Object.entries({ email, sms, viber, messenger }).filter(([, set]) => !set);
  const channels = unset.map(([channel]) => channel as outbox.Channel);
  if (production || channels.length === 0) return ctx.notFound();
  const before = readBefore(ctx);
  const shelf = await ctx.services.tenancy.inPortal((db) => outbox.list(db, channels, PER_PAGE, before));
  await ctx.render('outbox/list', outboxModel(ctx, shelf, before === null));
}
