import { isId } from '../../kernel/id.ts';
import * as ledger from '../../ledger/ledger.ts';
import { translator } from '../../platform/i18n.ts';
import type { Call } from '../../web/api.ts';
import type { ApiContext } from '../../web/context.ts';
import { FieldError } from '../../web/form.ts';
import { Problem } from '../../web/problem.ts';
import * as drafts from '../draft/draft.ts';
import { microsText, OverBudget } from '../launch/budget.ts';
import { LAUNCH_SECONDS } from '../launch/launch.ts';
import { type CampaignAnswer, campaignDoc, postCampaignDoc } from './docs.ts';
import { newCampaign } from './input.ts';
import { post } from './post.ts';

/** `POST /api/v1/companies/:company/campaigns` */
export const postCampaign: Call = { handler: create, doc: postCampaignDoc };

/** `GET /api/v1/companies/:company/campaigns/:id` */
export const getCampaign: Call = { handler: show, doc: campaignDoc };

async function create({ req, res, services, company, now }: ApiContext): Promise<void> {
  const wish = read(req.body);
  const current = await services.tenancy.again(company);
  if (!current) throw new Problem(404, 'There is no such company any more.');
  if (current.plan === 'free') throw new Problem(403, 'Without a paid plan the company sends no SMS.');
  try {
    const moment = { now, publicUrl: services.config.publicUrl };
    const { created, answer } = await services.tenancy.inCompany(
      current,
      (db) => post(db, wish, moment),
      LAUNCH_SECONDS,
    );
    res.status(created ? 201 : 200).json(answer);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw refused([{ path: PATHS[error.field] ?? error.field, message: wordsOf(error, current.currency) }]);
  }
}

function wordsOf(error: FieldError, currency: string): string {
  const words = translator('en')(error.message, error.details);
  if (!(error instanceof OverBudget)) return words;
  const [cost, left] = [error.ceilingMicros, error.budget.leftMicros].map((micros) => microsText(micros, currency));
  return `${words} It may cost ${cost} ${currency}, and ${left} ${currency} are left.`;
}

/** What a field of the form is called here. */
const PATHS: Readonly<Record<string, string>> = { body: 'text', to: 'customers', filter: 'where' };

const refused = (errors: readonly { path: string; message: string }[]) =>
  new Problem(422, `Nothing was kept. ${errors[0]?.path}: ${errors[0]?.message}`, { errors });

function read(body: unknown) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem(400, 'The body must be a JSON object.');
  }
  const stranger = Object.keys(body).find((key) => !Object.hasOwn(newCampaign.shape, key));
  if (stranger !== undefined) throw new Problem(400, `"${stranger.slice(0, 100)}" is not a field of a campaign.`);
  const parsed = newCampaign.safeParse(body);
  if (parsed.success) return parsed.data;
  throw refused(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}

async function show({ req, res, services, company }: ApiContext): Promise<void> {
  const id = String(req.params.id);
  const found = isId(id) ? await services.tenancy.reading(company, (db) => answerOf(db, id)) : null;
  if (!found) throw new Problem(404, 'There is no such campaign.');
  res.json(found);
}

async function answerOf(db: Parameters<typeof ledger.counts>[0], id: string): Promise<CampaignAnswer | null> {
  const row = await drafts.find(db, id);
  return row && { id: row.id, status: row.state, counts: { ...(await ledger.counts(db, id)) } };
}
