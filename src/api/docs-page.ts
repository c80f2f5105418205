import type { ApiRoute } from '../web/api.ts';
import type { Context } from '../web/context.ts';
import { openApi } from './openapi.ts';
import { OVERVIEW } from './overview.ts';

declare module '../web/views.ts' {
  interface Views {
    'api/docs': DocsModel;
  }
}

interface DocsModel {
  /** where the OpenAPI document is */
  address: string;
  /** for those whose browser runs no scripts */
  overview: string;
  calls: { method: string; path: string; summary: string }[];
}

export const OPENAPI_ADDRESS = '/api/v1/openapi.json';

/** `GET /api/docs`: the reference, drawn from the OpenAPI document; without scripts the overview and a list of the calls. */
export const showDocs = (routes: readonly ApiRoute[]) => (ctx: Context) =>
  ctx.render('api/docs', {
    address: OPENAPI_ADDRESS,
    overview: OVERVIEW,
    calls: routes.map(({ method, path, doc }) => ({
      method,
      path: path.replace(/:(\w+)/g, '{$1}'),
      summary: doc.summary,
    })),
  });

/** `GET /api/v1/openapi.json` */
export const sendOpenApi =
  (routes: readonly ApiRoute[]) =>
  ({ res, services }: Context) => {
    res.json(openApi(routes, services.config.publicUrl));
  };
