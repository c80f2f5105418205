import type { CompanyContext } from '../../web/context.ts';
import type { HeaderModel } from '../header-view.ts';
import type { Change, ChangeRow, Difference } from './changes.ts';
import { valueText } from './value-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'customers/history': HistoryModel;
  }
}

export interface HistoryModel {
  title: string;
  header: HeaderModel;
  entries: {
    icon: string;
    action: string;
    /** who and when */
    by: string;
    changes: { label: string; before: string[]; after: string[] }[];
  }[];
  older: string | null;
  newest: string | null;
}

interface Leaf {
  changes: readonly ChangeRow[];
  more: boolean;
}

/** `path`: of this tab. `before`: the id behind which this page begins; null: it is the first. */
export function historyModel(
  ctx: CompanyContext,
  header: HeaderModel,
  { changes, more }: Leaf,
  path: string,
  before: string | null,
): HistoryModel {
  const { t } = ctx;
  const last = changes.at(-1);
  return {
    title: t('customers.history.title', { name: header.name }),
    header,
    entries: changes.map((change) => entry(ctx, change)),
    older: more && last ? `${path}?before=${last.id}` : null,
    newest: before ? path : null,
  };
}

function entry(
  ctx: CompanyContext,
  { action, changes, at, user_name: name }: ChangeRow,
): HistoryModel['entries'][number] {
  const { t, format } = ctx;
  const who = name ?? t('customers.history.somebody');
  return {
    icon: ICONS[action as Change['action']] ?? 'edit',
    action: t(`customers.history.action.${action}`),
    by: t('customers.history.by', { name: who, at: format.dateTime(at) }),
    changes: changes.map(({ field, before, after }: Difference) => ({
      label: t(`customers.history.field.${field}`),
      before: valueText(ctx, field, before),
      after: valueText(ctx, field, after),
    })),
  };
}

const ICONS: Partial<Record<Change['action'], string>> = {
  added: 'user-plus',
  tagged: 'tag',
  untagged: 'tag',
  merged: 'merge',
  split: 'split',
  moved: 'arrow-right',
  shared: 'users',
  apart: 'split',
  undone: 'undo',
  imported: 'upload',
  deleted: 'trash',
  restored: 'refresh',
};
