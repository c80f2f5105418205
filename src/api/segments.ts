import { translator } from '../platform/i18n.ts';
import { liveSegments, nameOf, segmentCounts } from '../segments/segments.ts';
import type { Call } from '../web/api.ts';
import type { ApiContext } from '../web/context.ts';
import { Problem } from '../web/problem.ts';
import type { SegmentList } from './answers.ts';
import { segmentsDoc } from './docs.ts';
import { nothing, readQuery } from './query.ts';

/** `GET /api/v1/companies/:company/segments` */
export const listSegments: Call = { handler: list, doc: segmentsDoc };

// Milliseconds for all of them together; they take that long only where the database is in trouble.
const PATIENCE = 30_000;

async function list({ req, res, services, company, now }: ApiContext): Promise<void> {
  readQuery(req, nothing);
  const { live, counts } = await services.tenancy.reading(company, async (db) => {
    const live = await liveSegments(db);
    return { live, counts: await segmentCounts(db, live, now, PATIENCE) };
  });
  const t = translator(company.locale);
  const segments = live.flatMap((segment) => {
    const count = counts.get(segment.key);
    if (count === null) throw new Problem(503, 'The segments could not be counted in time. Repeat the call.');
    return count === undefined ? [] : [{ key: segment.key, name: nameOf(segment, t), count }];
  });
  res.json({ segments } satisfies SegmentList);
}
