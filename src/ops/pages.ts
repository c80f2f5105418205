import { isSame } from '../kernel/same.ts';
import { measured } from '../platform/measured.ts';
import type { Context } from '../web/context.ts';
import { isLeaving } from '../web/leaving.ts';
import { isLoopback } from '../web/loopback.ts';

/** The process lives. */
export function healthz({ res }: Context): void {
  res.type('text').send('ok\n');
}

/** It can work: database and queue answer, and it was not told to end. */
export async function readyz({ res, services }: Context): Promise<void> {
  const [database, queue] = await Promise.all([
    services.database.ping().then(
      () => true,
      () => false,
    ),
    services.queue.ready(),
  ]);
  const leaving = isLeaving();
  res.status(database && queue && !leaving ? 200 : 503).json({ database, queue, ...(leaving && { leaving }) });
}

/** For Prometheus. With METRICS_TOKEN a bearer of it reads them, without one only this machine. */
export async function metrics(ctx: Context): Promise<void> {
  const { req, res, services } = ctx;
  const token = services.config.metricsToken;
  const allowed = token ? isSame(req.headers.authorization ?? '', `Bearer ${token}`) : isLoopback(req);
  if (!allowed) return ctx.notFound();
  res.type(measured.contentType).send(await measured.metrics());
}
