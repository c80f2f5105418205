import { isId } from '../kernel/id.ts';
import type { JobFilter, JobRow, NameRow } from '../queue/board/board.ts';
import { mayRetry, STATES } from '../queue/board/board.ts';
import type { SignedInContext } from '../web/context.ts';
import { type Choice, choices } from '../web/form.ts';

declare module '../web/views.ts' {
  interface Views {
    'admin/queue': QueueModel;
    'admin/cancel-job': ConfirmModel;
  }
}

export interface QueueModel {
  names: {
    name: string;
    path: string;
    running: string;
    due: string;
    waiting: string;
    failed: string;
    failing: boolean;
    done: string;
    oldest: string;
    attempts: string;
  }[];
  states: Choice[];
  typed: Record<string, string>;
  /** words beside the field of the company */
  noCompany: string | null;
  filtered: boolean;
  /** how many have failed, as far as the filter goes; null: none */
  failed: string | null;
  jobs: {
    id: string;
    name: string;
    state: string;
    tone: string;
    company: string;
    when: string;
    asked: string;
    attempts: string;
    payload: { name: string; value: string }[];
    error: string | null;
    canRetry: boolean;
    canCancel: boolean;
    retryLabel: string;
    cancelLabel: string;
  }[];
  older: string | null;
  newest: string | null;
}

export interface Board {
  names: readonly NameRow[];
  jobs: readonly JobRow[];
  more: boolean;
  typed: Record<string, string>;
  filter: JobFilter | null;
  before: string | null;
}

export const PATH = '/admin/queue';

export function queueModel(ctx: SignedInContext, { names, jobs, more, typed, filter, before }: Board): QueueModel {
  const { t, format } = ctx;
  const last = jobs.at(-1);
  const of = filter?.name ? names.filter(({ name }) => name === filter.name) : names;
  const failed = of.reduce((sum, row) => sum + row.failed, 0);
  return {
    names: names.map((row) => nameModel(ctx, row)),
    states: [
      { value: '', label: t('admin.queue.anyState'), chosen: typed.state === undefined },
      ...choices(STATES, typed.state, (state) => t(`admin.queue.state.${state}`)),
    ],
    typed,
    noCompany: filter === null ? t('admin.audit.noCompany') : null,
    filtered: Object.keys(typed).length > 0,
    failed: failed > 0 && filter !== null ? format.number(failed) : null,
    jobs: jobs.map((job) => jobModel(ctx, job)),
    older: more && last ? addressOf({ ...typed, before: last.id }) : null,
    newest: before === null ? null : addressOf(typed),
  };
}

export function addressOf(query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? PATH : `${PATH}?${text}`;
}

function nameModel(
  { format }: SignedInContext,
  { name, running, due, waiting, failed, done, oldest, attempts }: NameRow,
) {
  return {
    name,
    path: addressOf({ name }),
    running: format.number(running),
    due: format.number(due),
    waiting: format.number(waiting),
    failed: format.number(failed),
    failing: failed > 0,
    done: format.number(done),
    oldest: oldest ? format.relative(oldest) : '',
    attempts: format.number(attempts),
  };
}

const TONES = { running: 'pill-good', due: '', waiting: '', failed: 'pill-bad' } as const;

function jobModel({ t, format }: SignedInContext, job: JobRow): QueueModel['jobs'][number] {
  const { id, name, state, company, due_at: due, leased_until: until } = job;
  const moment = state === 'running' ? until : due;
  return {
    id,
    name,
    state: t(job.cancelled ? 'admin.queue.cancelled' : `admin.queue.state.${state}`),
    tone: TONES[state],
    company: company ?? t('admin.queue.portal'),
    when: moment ? t(`admin.queue.when.${state}`, { at: format.dateTime(moment), ago: format.relative(moment) }) : '',
    asked: t('admin.queue.asked', { at: format.dateTime(job.created_at) }),
    attempts: format.number(job.attempts),
    payload: Object.entries(job.payload).map(([key, value]) => ({ name: key, value: shown(value) })),
    error: job.last_error && withoutPeople(job.last_error),
    canRetry: state === 'failed' && !job.cancelled && mayRetry(name),
    canCancel: state !== 'running' && !job.cancelled,
    retryLabel: t('admin.queue.retryLabel', { name, id }),
    cancelLabel: t('admin.queue.cancelLabel', { name, id }),
  };
}

/** Ids, numbers and switches tell what it is about; whatever else there is may be somebody's. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && isId(value) ? value : '…';
}

/** What a server says of a letter names its reader. */
const withoutPeople = (error: string): string =>
  error.replace(/[^\s<>"'(]+@[^\s<>"')]+/g, '…@…').replace(/(?<![0-9a-f-])\+?\d(?:[\s().-]?\d){6,}(?![0-9a-f-])/g, '…');
