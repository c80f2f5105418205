import express, { type Express } from 'express';
import { menu } from './menu.ts';
import { routes } from './routes.ts';
import { api } from './web/api.ts';
import { serveAssets } from './web/assets.ts';
import type { Route } from './web/context.ts';
import { enterNowhere } from './web/enter.ts';
import { answerErrors } from './web/error-handler.ts';
import { securityHeaders } from './web/headers.ts';
import { measure } from './web/measure.ts';
import { mount } from './web/mount.ts';
import { onlyHttps } from './web/only-https.ts';
import { requestLog } from './web/request-log.ts';
import { securityLog } from './web/security-log.ts';
import type { Services } from './web/services.ts';
import { sessions } from './web/session.ts';
import type { SessionStore } from './web/session-store.ts';
import { boundUnread } from './web/unread.ts';

interface Wishes {
  /** other addresses than the portal's */
  table?: readonly Route[];
  /** whether requests stand in the log and in the figures; those by which the portal looks at itself do not */
  counted?: boolean;
}

/** The web server: what every request passes, in this order. The guards of a page stand in `web/enter.ts`. */
export function makeApp(
  services: Services,
  sessionStore: SessionStore,
  { table = routes, counted = true }: Wishes = {},
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', services.config.trustProxy);
  app.set('query parser', 'simple');
  const session = sessions(services, sessionStore);

  if (counted) app.use(requestLog(), securityLog(), measure());
  app.use(boundUnread);
  app.use(...securityHeaders(services.config.publicUrl), onlyHttps(services.config.publicUrl));
  app.use(serveAssets());
  app.use(api(table, services));
  mount(app, table, services, session, menu);
  app.use(session, enterNowhere(services, menu));
  app.use(answerErrors(services, menu));
  return app;
}
