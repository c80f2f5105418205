import { contactValue, contactWords } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { NamedContact } from './duplicates.ts';
import type { Effect } from './effect.ts';
import { type EffectModel, effectModel } from './effect-view.ts';
import type { ProposalRow, SharedRow } from './sql.ts';
import { type Tab, tabsOf } from './tabs.ts';
import { type ProposalModel, proposalModel } from './view.ts';

declare module '../web/views.ts' {
  interface Views {
    'duplicates/sharing': SharingModel;
  }
}

interface SharingModel {
  tabs: Tab[];
  canWrite: boolean;
  proposals: ProposalModel[];
  shared: { contact: string; icon: string; customer: { path: string | null; name: string }; path: string }[];
  /** the contact that is looked at: what would come of marking it, or of unmarking it */
  chosen: { heading: string; text: string } | null;
  problem: string | null;
  effect: EffectModel | null;
}

interface Lists {
  proposals: readonly ProposalRow[];
  shared: readonly SharedRow[];
}

const ICONS = { account: 'user', phone: 'phone', email: 'mail' } as const;

export function sharingModel(
  ctx: CompanyContext,
  { proposals, shared }: Lists,
  contact: NamedContact | null,
  found: Effect | string | null,
  isChanged = false,
): SharingModel {
  const { t } = ctx;
  return {
    tabs: tabsOf(ctx, 'sharing'),
    canWrite: ctx.may('customers:write'),
    proposals: proposals.map((row) => proposalModel(ctx, row)),
    shared: shared.map((row) => ({
      contact: contactValue(row.kind, row.value),
      icon: ICONS[row.kind],
      customer: {
        path: row.listed ? `/customers/${row.customer_id}` : null,
        name: row.customer_name || t('customers.noName'),
      },
      path: sharingPath(row),
    })),
    chosen: contact && chosenModel(ctx, contact),
    problem: typeof found === 'string' ? found : null,
    effect: contact && found && typeof found !== 'string' ? effectOf(ctx, contact, found, isChanged) : null,
  };
}

export const sharingPath = ({ kind, value }: { kind: string; value: string }) =>
  `/duplicates/sharing?${new URLSearchParams({ kind, value })}`;

function chosenModel(ctx: CompanyContext, contact: NamedContact): SharingModel['chosen'] {
  const { t } = ctx;
  const words = { contact: contactWords(contact.kind, contact.value, ctx) };
  return {
    heading: t(`duplicates.sharing.${way(contact)}.title`, words),
    text: t(`duplicates.sharing.${way(contact)}.text`, words),
  };
}

const way = ({ shared }: NamedContact) => (shared ? 'unmark' : 'mark');

function effectOf(ctx: CompanyContext, contact: NamedContact, effect: Effect, isChanged: boolean): EffectModel {
  const hidden = [
    { name: 'kind', value: contact.kind },
    { name: 'value', value: contact.value },
    { name: 'as', value: contact.shared ? 'own' : 'shared' },
  ];
  const submit = ctx.t(`duplicates.sharing.${way(contact)}.submit`);
  const form = { action: '/duplicates/sharing', hidden, submit, icon: 'users', back: '/duplicates/sharing' };
  return effectModel(ctx, effect, { form, isChanged });
}
