import type { ApiRoute } from '../web/api.ts';
import type { Context } from '../web/context.ts';
import { openApi } from './openapi.ts';
import { OVERVIEW } from './overview.ts';
import { type Block, blocks } from './prose.ts';
import { type CallModel, reference } from './reference.ts';

declare module '../web/views.ts' {
  interface Views {
    'api/docs': DocsModel;
  }
}

interface DocsModel {
  /** where the OpenAPI document is */
  address: string;
  overview: Block[];
  calls: CallModel[];
}

export const OPENAPI_ADDRESS = '/api/v1/openapi.json';

/** `GET /api/docs`: the overview and the reference, drawn from the OpenAPI document. */
export const showDocs = (routes: readonly ApiRoute[]) => (ctx: Context) =>
  ctx.render('api/docs', {
    address: OPENAPI_ADDRESS,
    overview: blocks(OVERVIEW),
    calls: reference(openApi(routes, ctx.services.config.publicUrl)),
  });

/** `GET /api/v1/openapi.json` */
export const sendOpenApi =
  (routes: readonly ApiRoute[]) =>
  ({ res, services }: Context) => {
    res.json(openApi(routes, services.config.publicUrl));
  };
