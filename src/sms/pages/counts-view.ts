import type { Counts } from '../../ledger/ledger.ts';
import type { CompanyContext } from '../../web/context.ts';

/** What people ask about, each of one or more states of the ledger. */
export const SHOWN = {
  planned: ['planned', 'claimed'],
  sent: ['calling', 'accepted'],
  delivered: ['delivered'],
  failed: ['undelivered', 'failed'],
  skipped: ['skipped'],
  unknown: ['unknown'],
} as const satisfies Record<string, readonly (keyof Counts)[]>;

export type Shown = keyof typeof SHOWN;

export const SHOWN_KEYS = [
  'planned',
  'sent',
  'delivered',
  'failed',
  'skipped',
  'unknown',
] as const satisfies readonly Shown[];

export interface CountsModel {
  /** `1,200 delivered, 3 failed` */
  sentence: string;
  /** pieces of a bar of 1000 units; skipped ones are no part of it */
  pieces: { x: number; width: number; kind: Shown }[];
}

export const sumOf = (counts: Counts, shown: Shown): number =>
  SHOWN[shown].reduce((sum, state) => sum + Number(counts[state]), 0);

// From the left: what is done, what went wrong, what is under way.
const BAR = ['delivered', 'failed', 'unknown', 'sent', 'planned'] as const satisfies readonly Shown[];
const LENGTH = 1000;

export function countsModel({ t, format }: CompanyContext, counts: Counts): CountsModel {
  const total = BAR.reduce((sum, shown) => sum + sumOf(counts, shown), 0);
  const said = SHOWN_KEYS.filter((shown) => sumOf(counts, shown) > 0).map((shown) =>
    t(`sms.count.${shown}`, { count: sumOf(counts, shown), shown: format.number(sumOf(counts, shown)) }),
  );
  let done = 0;
  const pieces = BAR.map((kind) => {
    const x = total === 0 ? 0 : (done / total) * LENGTH;
    done += sumOf(counts, kind);
    return { kind, x: Math.round(x), width: total === 0 ? 0 : Math.round((done / total) * LENGTH) - Math.round(x) };
  });
  return {
    sentence: said.length > 0 ? said.join(', ') : t('sms.count.nobody'),
    pieces: pieces.filter(({ width }) => width > 0),
  };
}
