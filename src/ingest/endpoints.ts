import type { Company } from '../tenancy/company.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import type { Call } from '../web/api.ts';
import type { ApiDoc } from '../web/api-doc.ts';
import type { ApiContext } from '../web/context.ts';
import { Problem, problem } from '../web/problem.ts';
import { consentsDoc } from './consents/docs.ts';
import { ingestConsents } from './consents/ingest-consents.ts';
import { feedbackDoc, messagesDoc, ordersDoc } from './docs.ts';
import { ingestFeedback, ingestMessages, ingestOrders, type Result } from './ingest.ts';
import { MAX_ITEMS } from './input.ts';
import { inLine } from './line.ts';

type Ingest = (
  tenancy: Tenancy,
  company: Company,
  items: readonly unknown[],
  now: Date,
  portal: boolean,
) => Promise<Pick<Result, 'status'>[]>;

/** `POST /api/v1/companies/:company/orders`: `{"orders":[…]}`, 1 to 1,000. */
export const postOrders = call('orders', ingestOrders, ordersDoc);

/** `POST /api/v1/companies/:company/messages`: `{"messages":[…]}`, 1 to 1,000. */
export const postMessages = call('messages', ingestMessages, messagesDoc);

/** `POST /api/v1/companies/:company/feedback`: `{"feedback":[…]}`, 1 to 1,000. */
export const postFeedback = call('feedback', ingestFeedback, feedbackDoc);

/** `POST /api/v1/companies/:company/consents`: `{"consents":[…]}`, 1 to 1,000. */
export const postConsents = call('consents', ingestConsents, consentsDoc, false);

/** `together`: what one call is told of its items does not depend on those of others that are stored with it. */
function call(field: string, ingest: Ingest, doc: ApiDoc, together = true): Call {
  const handler = async ({ req, res, services, company, now, portal }: ApiContext): Promise<void> => {
    const body: unknown = req.body;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      return problem(res, 400, `The body must be a JSON object {"${field}": […]}.`);
    }
    const stranger = Object.keys(body).find((key) => key !== field);
    if (stranger !== undefined)
      return problem(res, 400, `"${stranger.slice(0, 100)}" is not a field; send {"${field}": […]}.`);
    const items: unknown = (body as Record<string, unknown>)[field];
    if (!Array.isArray(items) || items.length === 0)
      return problem(res, 422, `"${field}" must hold at least one item.`);
    if (items.length > MAX_ITEMS)
      return problem(res, 422, `"${field}" holds ${items.length} items; send at most ${MAX_ITEMS} in one call.`);
    const results = await inLine(services.tenancy, company.id, {
      sort: together ? `${field}, by the portal: ${portal}` : null,
      items,
      store: async (all) => {
        // Whoever waited goes by the company's settings of now.
        const current = await services.tenancy.again(company);
        if (!current) throw new Problem(404, 'There is no such company any more.');
        return ingest(services.tenancy, current, all, now, portal);
      },
    });
    if (results.every((result) => result.status === 'rejected')) {
      return problem(res, 422, 'No item is valid; each result says why.', { results });
    }
    res.json({ results });
  };
  return { handler, doc };
}
