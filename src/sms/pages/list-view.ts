import type { Counts } from '../../ledger/ledger.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow } from '../draft/draft.ts';
import { type CountsModel, countsModel } from './counts-view.ts';
import { cannotSend } from './may-view.ts';
import { stateModel } from './state-view.ts';
import { titleOf } from './title-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/list': ListModel;
  }
}

export type ListKind = 'group' | 'one' | 'test';

const KINDS = ['group', 'one', 'test'] as const;

/** What the address asks for; anything else: campaigns. */
export const listKindOf = (given: unknown): ListKind => KINDS.find((kind) => kind === given) ?? 'group';

interface ListModel {
  canSend: boolean;
  /** why one may not; null: one may */
  closed: string | null;
  sections: { label: string; path: string; current: boolean }[];
  campaigns: RowModel[];
  /** something is on its way: the page looks again by itself */
  moving: boolean;
  here: string;
  /** whether these are campaigns, not single messages */
  groups: boolean;
  empty: { title: string; text: string };
  older: string | null;
  newest: string | null;
}

interface RowModel {
  id: string;
  path: string;
  name: string;
  state: string;
  pill: string;
  text: string;
  about: string;
  counts: CountsModel | null;
}

interface Page {
  campaigns: readonly { row: CampaignRow; counts: Counts }[];
  more: boolean;
}

export function listModel(ctx: CompanyContext, kind: ListKind, page: Page, before: string | null): ListModel {
  const { t } = ctx;
  const last = page.campaigns.at(-1);
  const first = kind === 'group' ? '/sms' : `/sms?kind=${kind}`;
  const from = (id: string) => `/sms?${new URLSearchParams({ ...(kind === 'group' ? {} : { kind }), before: id })}`;
  return {
    canSend: ctx.may('campaigns:send'),
    closed: cannotSend(ctx),
    sections: KINDS.map((each) => ({
      label: t(`sms.list.kind.${each}`),
      path: each === 'group' ? '/sms' : `/sms?kind=${each}`,
      current: each === kind,
    })),
    campaigns: page.campaigns.map(({ row, counts }) => rowModel(ctx, row, counts)),
    moving: page.campaigns.some(({ row }) => row.state === 'sending'),
    here: before ? from(before) : first,
    groups: kind === 'group',
    empty: { title: t(`sms.list.none.${kind}`), text: t(`sms.list.noneText.${kind}`) },
    older: page.more && last ? from(last.row.id) : null,
    newest: before ? first : null,
  };
}

function rowModel(ctx: CompanyContext, row: CampaignRow, counts: Counts): RowModel {
  return {
    id: row.id,
    path: `/sms/${row.id}`,
    name: titleOf(ctx, row),
    ...stateModel(ctx, row),
    text: row.body,
    about: about(ctx, row),
    counts: row.state === 'draft' ? null : countsModel(ctx, counts),
  };
}

/** Who wrote it or sent it, and when. */
function about({ t, format }: CompanyContext, row: CampaignRow): string {
  if (row.launched_at) {
    const at = format.dateTime(row.launched_at);
    return row.launcher === null
      ? t('sms.list.launched', { at })
      : t('sms.list.launchedBy', { name: row.launcher, at });
  }
  const at = format.dateTime(row.updated_at);
  return row.author === null ? t('sms.list.saved', { at }) : t('sms.list.savedBy', { name: row.author, at });
}
