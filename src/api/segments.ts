import { presetCounts } from '../customers/customers.ts';
import { translator } from '../platform/i18n.ts';
import { PRESET_KEYS } from '../segments/segments.ts';
import type { Call } from '../web/api.ts';
import type { ApiContext } from '../web/context.ts';
import type { SegmentList } from './answers.ts';
import { segmentsDoc } from './docs.ts';
import { nothing, readQuery } from './query.ts';

/** `GET /api/v1/companies/:company/segments` */
export const listSegments: Call = { handler: list, doc: segmentsDoc };

async function list({ req, res, services, company, now }: ApiContext): Promise<void> {
  readQuery(req, nothing);
  const counts = await services.tenancy.reading(company, (db) => presetCounts(db, now));
  const t = translator(company.locale);
  const segments = PRESET_KEYS.map((key) => ({ key, name: t(`segments.presets.${key}`), count: counts[key] }));
  res.json({ segments } satisfies SegmentList);
}
