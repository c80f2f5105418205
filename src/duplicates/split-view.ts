import { contactValue, contactWords, nameOf } from '../customers/customers.ts';
import { keyOf } from '../identity/identity.ts';
import type { CompanyContext } from '../web/context.ts';
import type { MergedRow } from './decisions/decisions.ts';
import type { Effect } from './effect.ts';
import { type EffectModel, effectModel } from './effect-view.ts';
import type { Face } from './faces.ts';

declare module '../web/views.ts' {
  interface Views {
    'duplicates/split': SplitModel;
  }
}

/** What is to leave: an earlier customer with all that came with it, or contacts by `keyOf`. */
export interface Choice {
  origin: string | null;
  keys: string[];
}

interface SplitModel {
  title: string;
  customer: { path: string; name: string };
  action: string;
  groups: { legend: string; contacts: TickModel[] }[];
  merged: MergedModel[];
  /** nothing can be told apart here */
  isWhole: boolean;
  problem: string | null;
  effect: EffectModel | null;
}

interface TickModel {
  id: string;
  value: string;
  icon: string;
  kind: string;
  text: string;
  ticked: boolean;
  shared: boolean;
}

export interface MergedModel {
  id: string;
  name: string;
  about: string;
  chosen: boolean;
  label: string;
}

const ICONS = { account: 'user', phone: 'phone', email: 'mail' } as const;

export function splitModel(
  ctx: CompanyContext,
  { face, merged }: { face: Face; merged: readonly MergedRow[] },
  choice: Choice,
  found: Effect | string | null,
  isChanged = false,
): SplitModel {
  const { t } = ctx;
  const { customer, contacts } = face;
  const action = `/customers/${customer.id}/split`;
  const hidden = choice.origin
    ? [{ name: 'origin', value: choice.origin }]
    : choice.keys.map((value) => ({ name: 'contact', value }));
  const form = { action, hidden, submit: t('duplicates.split.submit'), icon: 'split', back: action };
  const name = nameOf(customer, ctx);
  return {
    title: t('duplicates.split.title', { name }),
    customer: { path: `/customers/${customer.id}/identity`, name },
    action,
    groups: groups(ctx, face, choice),
    merged: merged.map((row) => mergedModel(ctx, row, choice.origin)),
    isWhole: merged.length === 0 && contacts.filter(({ shared }) => !shared).length < 2,
    problem: typeof found === 'string' ? found : null,
    effect: found && typeof found !== 'string' ? effectModel(ctx, found, { form, isChanged }) : null,
  };
}

/** The contacts by the customer with whom they came. */
function groups({ t }: CompanyContext, { customer, contacts }: Face, { origin, keys }: Choice): SplitModel['groups'] {
  const origins = [...new Set([customer.id, ...contacts.map(({ origin_id: id }) => id)])];
  return origins.flatMap((id) => {
    const own = contacts.filter((contact) => contact.origin_id === id);
    if (own.length === 0) return [];
    const from = own[0]?.origin_name || t('customers.noName');
    return {
      legend: id === customer.id ? t('duplicates.split.own') : t('duplicates.split.cameWith', { name: from }),
      contacts: own.map((contact) => ({
        id: `c-${contacts.indexOf(contact)}`,
        value: keyOf(contact),
        icon: ICONS[contact.kind],
        kind: t(`customers.kind.${contact.kind}`),
        text: contactValue(contact.kind, contact.value),
        ticked: origin === null && keys.includes(keyOf(contact)),
        shared: contact.shared,
      })),
    };
  });
}

export function mergedModel(ctx: CompanyContext, row: MergedRow, chosen: string | null): MergedModel {
  const { t, format } = ctx;
  const name = row.name || t('customers.noName');
  const why =
    row.because_kind && row.because_value !== null
      ? t('duplicates.merged.over', { contact: contactWords(row.because_kind, row.because_value, ctx) })
      : t('duplicates.merged.byPerson');
  const when = t('duplicates.merged.at', { at: format.dateTime(row.merged_at) });
  return {
    id: row.id,
    name,
    about: [when, why, t('duplicates.merged.contacts', { count: Number(row.contacts) })].join(' · '),
    chosen: row.id === chosen,
    label: t('duplicates.split.takeOut', { name }),
  };
}
