import type { Context } from '../web/context.ts';
import { mayRead, sendMetrics, sendReadiness } from './machine-room.ts';

/** The process lives. */
export function healthz({ res }: Context): void {
  res.type('text').send('ok\n');
}

/** It can work: database and queue answer, and it was not told to end. */
export function readyz({ res, services }: Context): Promise<void> {
  return sendReadiness(res, services);
}

/** For Prometheus. */
export async function metrics(ctx: Context): Promise<void> {
  if (mayRead(ctx.req, ctx.services)) await sendMetrics(ctx.res, ctx.services);
  else await ctx.notFound();
}
