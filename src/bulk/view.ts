import type { TagRow } from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import { type BulkRow, type State, undoable } from './bulk.ts';
import type { WishForm } from './input.ts';

declare module '../web/views.ts' {
  interface Views {
    'bulk/ask': AskModel;
    'bulk/list': ListModel;
    'bulk/show': OneModel;
  }
}

interface AskModel {
  title: string;
  deleting: boolean;
  /** the filter in words; null: ticked ones */
  who: string | null;
  /** everything that was sent, to be sent again */
  hidden: { name: string; value: string }[];
  tag: string;
  names: string[];
  error: string | null;
  what: WishForm['what'];
  back: string;
}

interface Asked {
  wish: WishForm;
  dictionary: readonly TagRow[];
  /** null: it takes too long */
  count: number | null;
  who: string | null;
  back: string;
  error: string | null;
}

export function askModel({ t, format }: CompanyContext, asked: Asked): AskModel {
  const { wish, count, back } = asked;
  const deleting = wish.what === 'delete';
  const kept = { scope: wish.scope, filter: wish.filter, back, sure: 'yes' };
  return {
    title:
      count === null
        ? t(deleting ? 'bulk.ask.deleteMany' : 'bulk.ask.titleMany')
        : t(deleting ? 'bulk.ask.delete' : 'bulk.ask.title', { count, shown: format.number(count) }),
    deleting,
    who: asked.who,
    hidden: [
      ...Object.entries(kept).map(([name, value]) => ({ name, value })),
      ...(wish.scope === 'ticked' ? wish.ids.map((value) => ({ name: 'ids', value })) : []),
    ],
    tag: wish.tag,
    names: asked.dictionary.map(({ name }) => name),
    error: asked.error,
    what: wish.what,
    back,
  };
}

interface ListModel {
  bulks: { path: string; what: string; who: string; asked: string; state: string; pill: string; facts: string }[];
  older: string | null;
  newest: boolean;
}

export function listModel(
  ctx: CompanyContext,
  { bulks, more }: { bulks: readonly BulkRow[]; more: boolean },
  before: string | null,
): ListModel {
  const last = bulks.at(-1);
  return {
    bulks: bulks.map((row) => ({
      path: `/bulk/${row.id}`,
      what: what(ctx, row),
      who: row.ticked === null ? ctx.t('bulk.who.all') : ctx.t('bulk.who.ticked', { count: row.ticked }),
      asked: asked(ctx, row),
      ...stateOf(ctx, row),
      facts: facts(ctx, row).join(' · '),
    })),
    older: more && last ? `/bulk?before=${last.id}` : null,
    newest: before !== null,
  };
}

interface OneModel {
  title: string;
  path: string;
  who: string;
  /** address of the customers it is about; null: ticked ones */
  customers: string | null;
  asked: string;
  state: string;
  pill: string;
  error: string | null;
  facts: string[];
  progress: { done: number; total: number; text: string } | null;
  /** it goes on: the page looks again by itself */
  unfinished: boolean;
  canCancel: boolean;
  canUndo: boolean;
  /** why it can no longer be undone; null: it can, or there is nothing to undo */
  past: string | null;
}

export function oneModel(ctx: CompanyContext, row: BulkRow, filter: string | null): OneModel {
  const { t, now } = ctx;
  const editable = ctx.may('customers:write');
  const canUndo = undoable(row, now);
  const over = ['done', 'failed', 'cancelled'].includes(row.state);
  return {
    title: what(ctx, row),
    path: `/bulk/${row.id}`,
    who: filter ?? t('bulk.who.ticked', { count: row.ticked ?? 0 }),
    customers: row.ticked === null ? `/customers${row.filter === '' ? '' : `?${row.filter}`}` : null,
    asked: asked(ctx, row),
    ...stateOf(ctx, row),
    error: row.state === 'failed' ? t(`bulk.error.${row.error === 'tagGone' ? 'tagGone' : 'unknown'}`) : null,
    facts: facts(ctx, row),
    progress: progress(ctx, row),
    unfinished: ['queued', 'running', 'undoing'].includes(row.state),
    canCancel: editable && ['queued', 'running'].includes(row.state),
    canUndo: editable && canUndo,
    past: over && !canUndo && row.changed > row.undone ? t(`bulk.past.${row.tag_id === null ? 'tag' : 'time'}`) : null,
  };
}

const what = ({ t }: CompanyContext, { action, tag_name: name }: BulkRow) => t(`bulk.what.${action}`, { name });

function asked({ t, format }: CompanyContext, { created_at, user_name: name }: BulkRow): string {
  const at = format.dateTime(created_at);
  return name === null ? at : t('bulk.asked', { name, at });
}

const PILLS: Record<State, string> = {
  queued: '',
  running: 'pill-warn',
  done: 'pill-good',
  failed: 'pill-bad',
  cancelled: '',
  undoing: 'pill-warn',
  undone: '',
};

const stateOf = ({ t }: CompanyContext, { state }: BulkRow) => ({
  state: t(`bulk.state.${state}`),
  pill: PILLS[state],
});

/** What it has come to, as far as there is anything to tell. */
function facts({ t, format }: CompanyContext, { action, seen, changed, undone }: BulkRow): string[] {
  const fact = (key: string, n: bigint) => t(`bulk.facts.${key}`, { count: Number(n), shown: format.number(n) });
  return [
    ...(seen > 0n ? [fact(`changed.${action}`, changed)] : []),
    ...(seen > changed ? [fact(`same.${action}`, seen - changed)] : []),
    ...(undone > 0n ? [fact('undone', undone)] : []),
  ];
}

function progress({ t, format }: CompanyContext, row: BulkRow): OneModel['progress'] {
  if (row.state === 'undoing') return bar(row.undone, row.changed);
  return row.state === 'running' ? bar(row.seen, row.total ?? 0n) : null;

  function bar(done: bigint, total: bigint) {
    const text = t('bulk.progress', { done: format.number(done), total: format.number(total) });
    // Somebody may have come to match meanwhile.
    return { done: Number(done < total ? done : total), total: Math.max(Number(total), 1), text };
  }
}
