import type { SignedInContext } from '../web/context.ts';
import type { FindingRow, RunRow } from './sql.ts';

declare module '../web/views.ts' {
  interface Views {
    'walls/list': WallsModel;
  }
}

export interface WallsModel {
  /** whether a look is under way: the page asks again */
  underWay: boolean;
  here: string;
  last: { tone: 'good' | 'bad'; text: string } | null;
  runs: {
    id: string;
    at: string;
    by: string;
    state: string;
    tone: string;
    companies: string;
    addresses: string;
    answers: string;
    canaries: string;
    leaks: string;
    leaked: boolean;
    error: string | null;
    progress: { done: number; total: number; text: string } | null;
  }[];
  findings: {
    at: string;
    what: string;
    shownTo: string;
    belongsTo: string;
    route: string;
    address: string;
    detail: string;
  }[];
  older: string | null;
  newest: boolean;
}

interface Shelf {
  runs: readonly RunRow[];
  findings: readonly FindingRow[];
  more: boolean;
}

const TONES = { queued: '', running: '', done: 'pill-good', failed: 'pill-bad' } as const;

export function wallsModel(ctx: SignedInContext, { runs, findings, more }: Shelf, before: string | null): WallsModel {
  const { t, format } = ctx;
  const end = runs.at(-1);
  return {
    underWay: runs.some(isUnderWay),
    here: before === null ? '/admin/walls' : `/admin/walls?before=${before}`,
    last: before === null ? lastWords(ctx, runs) : null,
    runs: runs.map((run) => runModel(ctx, run)),
    findings: findings.map(({ at, what, shown_to: shownTo, belongs_to: belongsTo, route, address, detail }) => ({
      at: format.dateTime(at),
      what: t(`walls.what.${what}`),
      shownTo: shownTo ?? t('walls.gone'),
      belongsTo: belongsTo ?? t('walls.gone'),
      ...{ route, address, detail },
    })),
    older: more && end ? `/admin/walls?before=${end.id}` : null,
    newest: before === null,
  };
}

const isUnderWay = ({ state }: RunRow) => state === 'queued' || state === 'running';

function lastWords({ t, format }: SignedInContext, runs: readonly RunRow[]): WallsModel['last'] {
  const run = runs.find((each) => !isUnderWay(each));
  if (!run) return null;
  const values = { ago: format.relative(run.finished_at ?? run.asked_at), count: Number(run.leaks) };
  if (run.leaks > 0n) return { tone: 'bad', text: t('walls.leak', values) };
  return run.state === 'failed'
    ? { tone: 'bad', text: t('walls.broken', values) }
    : { tone: 'good', text: t('walls.stand', values) };
}

function runModel(ctx: SignedInContext, run: RunRow): WallsModel['runs'][number] {
  const { t, format } = ctx;
  const of = (done: bigint, total: bigint) => t('walls.of', { done: format.number(done), total: format.number(total) });
  const failures = run.failures > 0n ? ` (${t('walls.failures', { count: Number(run.failures) })})` : '';
  return {
    id: run.id,
    at: format.dateTime(run.asked_at),
    by: run.asker ?? t('walls.timetable'),
    state: t(`walls.state.${run.state}`),
    tone: run.leaks > 0n ? 'pill-bad' : TONES[run.state],
    companies: of(run.companies, run.companies_total),
    addresses: of(run.addresses, run.addresses_total),
    answers: format.number(run.answers) + failures,
    canaries: format.number(run.canaries),
    leaks: format.number(run.leaks),
    leaked: run.leaks > 0n,
    error: run.error ?? (run.state === 'failed' ? t('walls.notAll') : null),
    progress: isUnderWay(run)
      ? {
          done: Number(run.companies),
          total: Math.max(1, Number(run.companies_total)),
          text: of(run.companies, run.companies_total),
        }
      : null,
  };
}
