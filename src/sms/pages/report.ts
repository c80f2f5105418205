import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as exports from '../../exports/exports.ts';
import * as ledger from '../../ledger/ledger.ts';
import { log } from '../../platform/log.ts';
import type { CompanyContext } from '../../web/context.ts';
import { campaignHere } from './here.ts';
import { reportColumns, reportName } from './report-view.ts';

const BATCH = 1000;

/** What became of each message, as a file: read from one snapshot, and sent while it is read. */
export async function download(ctx: CompanyContext): Promise<void> {
  const { req, res } = ctx;
  const row = await campaignHere(ctx);
  if (!row || row.state === 'draft') return ctx.notFound();
  const format = req.query.format === 'csv' ? 'csv' : 'xlsx';
  res.attachment(reportName(ctx, row, format));
  res.type(exports.TYPES[format]);
  res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' });
  if (req.method === 'HEAD') return void res.end();
  const sink = new PassThrough();
  const broken = new AbortController();
  const sent = pipeline(sink, res).catch((error: unknown) => broken.abort(error));
  try {
    await fill(ctx, row.id, format, { sink, broken: broken.signal });
  } catch (error) {
    // The head is on its way already: a file that ends early is seen as broken.
    sink.destroy(error instanceof Error ? error : new Error(String(error)));
    log.info({ err: error, campaign: row.id }, 'a report broke off');
  }
  await sent;
}

async function fill(
  ctx: CompanyContext,
  campaignId: string,
  format: 'csv' | 'xlsx',
  out: { sink: PassThrough; broken: AbortSignal },
): Promise<void> {
  const { services, company, t } = ctx;
  const columns = reportColumns(ctx);
  const table = await exports.openTable(out, format, {
    columns,
    currency: company.currency,
    title: t('sms.show.report'),
  });
  await services.tenancy.inSnapshot(company, async (snapshot) => {
    for (let before: string | null = null, more = true; more; ) {
      out.broken.throwIfAborted();
      const page: Awaited<ReturnType<typeof ledger.list>> = await ledger.list(snapshot, campaignId, {
        per: BATCH,
        before,
      });
      await table.add(page.deliveries);
      before = page.deliveries.at(-1)?.id ?? null;
      more = page.more;
    }
  });
  await table.end();
}
