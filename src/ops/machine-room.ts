import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { isSame } from '../kernel/same.ts';
import { log } from '../platform/log.ts';
import { isLoopback } from '../web/loopback.ts';
import type { Services } from '../web/services.ts';
import { isReady, metricsText, readiness } from './shown.ts';

/** The same three addresses for processes that serve no pages: at METRICS_PORT, and nothing else there. */
export function machineRoom(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', services.config.trustProxy);
  app.get('/healthz', (_req, res) => void res.type('text').send('ok\n'));
  app.get('/readyz', (_req, res) => sendReadiness(res, services));
  app.get('/metrics', async (req, res) => {
    if (mayRead(req, services)) await sendMetrics(res, services);
    else res.sendStatus(404);
  });
  app.use(withoutWords);
  return app;
}

// Express would show what went wrong to whoever asked.
const withoutWords: ErrorRequestHandler = (err, _req, res, _next) => {
  log.error({ err }, 'the machine room could not answer');
  res.sendStatus(500);
};

/** With METRICS_TOKEN a bearer of it, without one only this machine. */
export function mayRead(req: Request, { config }: Services): boolean {
  const { metricsToken: token } = config;
  return token ? isSame(req.headers.authorization ?? '', `Bearer ${token}`) : isLoopback(req);
}

export async function sendReadiness(res: Response, services: Services): Promise<void> {
  const found = await readiness(services);
  res.status(isReady(found) ? 200 : 503).json(found);
}

export async function sendMetrics(res: Response, services: Services): Promise<void> {
  const { type, text } = await metricsText(services);
  res.type(type).send(text);
}
