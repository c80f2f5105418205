import { quietUntil } from '../../kernel/quiet.ts';
import * as ledger from '../../ledger/ledger.ts';
import * as tags from '../../tags/tags.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { readBefore } from '../../web/pager.ts';
import { obeysQuietHours } from '../audience/frame.ts';
import * as drafts from '../draft/draft.ts';
import { SHOWN, SHOWN_KEYS, type Shown } from './counts-view.ts';
import { showDraft } from './draft.ts';
import { campaignHere } from './here.ts';
import { progressModel } from './progress-view.ts';
import * as sql from './sql.ts';
import { whomIn, whomWords } from './whom.ts';

const PER_PAGE = 20;

/** A draft with whom it would go to; what was launched with how far it is, and what became of each message. */
export async function show(ctx: CompanyContext): Promise<void> {
  const { services, company, req } = ctx;
  const row = await campaignHere(ctx);
  if (!row) return ctx.notFound();
  if (row.state === 'draft') return showDraft(ctx, row, null);
  const shown = shownOf(req.query.show);
  const before = readBefore(ctx);
  const loaded = await services.tenancy.reading(company, (db) => load(ctx, db, row, shown, before));
  await ctx.render('sms/show', progressModel(ctx, row, { ...loaded, shown, before }));
}

const shownOf = (given: unknown): Shown | null => SHOWN_KEYS.find((key) => key === given) ?? null;

async function load(
  ctx: CompanyContext,
  db: CompanyReader,
  row: drafts.CampaignRow,
  shown: Shown | null,
  before: string | null,
) {
  const states = shown ? { states: SHOWN[shown] } : {};
  const [counts, spent, page, skipped, failed, undelivered, names, rules] = await Promise.all([
    ledger.counts(db, row.id),
    drafts.spent(db, row.id),
    ledger.list(db, row.id, { ...states, per: PER_PAGE, before }),
    ledger.reasons(db, row.id, 'skipped'),
    ledger.reasons(db, row.id, 'failed'),
    ledger.reasons(db, row.id, 'undelivered'),
    tags.names(db),
    db.query<sql.Quiet>(sql.quietHours()),
  ]);
  const whom = row.kind === 'group' ? whomWords(ctx, whomIn(row), names) : null;
  const quiet = quietUntil(ctx.now, db.company.timezone, obeysQuietHours(row) ? (rules[0]?.quiet_hours ?? null) : null);
  return { quiet, counts, spent, page, reasons: { skipped, failed: [...failed, ...undelivered] }, whom };
}
