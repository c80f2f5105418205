import { formatPhone } from '../../kernel/phone.ts';
import type { TagRow } from '../../tags/tags.ts';
import type { CompanyContext } from '../../web/context.ts';
import { type Choice, choices } from '../../web/form.ts';
import { contactWords } from '../contact-view.ts';
import { nameOf } from '../row-view.ts';
import { type Base, writeBase } from './base.ts';
import { CHANNELS, type Draft, LIMITS, type Taken } from './details.ts';
import { AS_TYPED, type Rows } from './draft.ts';
import type { Lookalike } from './lookalikes.ts';
import type { ContactRow } from './sql.ts';
import { isFixed, type Stored } from './stored.ts';

declare module '../../web/views.ts' {
  interface Views {
    'customers/edit': EditModel;
  }
}

export interface EditModel {
  title: string;
  action: string;
  back: { path: string; text: string };
  /** of the customer as the form showed it first; null: it is a new one */
  base: string | null;
  draft: Pick<Draft, 'name' | 'region' | 'otherChannels' | 'note'>;
  limits: typeof LIMITS;
  genders: Choice[];
  regions: string[];
  /** the way back to what the latest order says, where somebody wrote something else */
  latest: Partial<Record<Taken, { text: string; ticked: boolean }>>;
  phones: ListModel;
  emails: ListModel;
  /** as sentences: they identify, and cannot be changed here */
  accounts: string[];
  tags: { id: string; name: string; colour: string; chosen: boolean }[];
  errors: Record<string, string>;
  warning: WarningModel | null;
  remove: string | null;
}

interface ListModel {
  name: 'phones' | 'emails';
  rows: RowModel[];
  /** value of the button that shows one more row; null: there may be no more */
  more: string | null;
  /** that there are more than the form allows */
  overflow: string | null;
}

interface RowModel {
  name: string;
  label: string;
  value: string;
  error: string | null;
  channels: Choice[];
  /** why it cannot be taken away; null: it can */
  fixed: { text: string; order: string | null; shared: boolean } | null;
  up: string | null;
  down: string | null;
  remove: string | null;
}

interface WarningModel {
  others: {
    path: string;
    name: string;
    facts: string[];
    reasons: string[];
  }[];
  seen: string;
  /** that what was typed belongs to somebody, not only that the names are the same */
  taken: boolean;
  /** whether the two can be merged: one that is being added is not there yet */
  canMerge: boolean;
}

export interface Shown {
  /** null: a new customer */
  stored: Stored | null;
  base: Base | null;
  draft: Draft;
  rows?: Rows;
  errors?: Record<string, string>;
  lookalikes?: readonly Lookalike[];
  regions: readonly string[];
  tags: readonly TagRow[];
}

export function editModel(ctx: CompanyContext, shown: Shown): EditModel {
  const { t } = ctx;
  const { stored, base, draft, rows = AS_TYPED, errors = {} } = shown;
  const contacts = stored?.contacts ?? [];
  const path = stored ? `/customers/${stored.id}` : '/customers';
  const name = stored ? titleOf(ctx, stored) : '';
  return {
    title: stored ? t('customers.edit.title', { name }) : t('customers.edit.titleNew'),
    action: stored ? `${path}/edit` : '/customers/new',
    back: { path, text: stored ? name : t('customers.list.title') },
    base: base && writeBase(base),
    draft,
    limits: LIMITS,
    genders: choices(['', 'female', 'male'], draft.gender, (value) => t(`customers.edit.gender.${value || 'unknown'}`)),
    regions: [...shown.regions],
    latest: latestModel(ctx, shown),
    phones: listModel(ctx, 'phones', draft.phones, contacts, rows.phones, errors),
    emails: listModel(
      ctx,
      'emails',
      draft.emails.map((text) => ({ text })),
      contacts,
      rows.emails,
      errors,
    ),
    accounts: contacts
      .filter(({ kind }) => kind === 'account')
      .map(({ kind, value }) => contactWords(kind, value, ctx)),
    tags: shown.tags.map((tag) => ({ ...tag, chosen: draft.tags.includes(tag.id) })),
    errors,
    warning: shown.lookalikes ? warningModel(ctx, shown.lookalikes, stored !== null) : null,
    remove: stored ? `${path}/deletion` : null,
  };
}

export const titleOf = (ctx: CompanyContext, { details, contacts }: Stored): string =>
  nameOf(
    {
      name: details.name,
      phones: details.phones.map(({ value }) => value),
      emails: details.emails.map(({ value }) => value),
      accounts: contacts.filter(({ kind }) => kind === 'account').map(({ value }) => value),
    },
    ctx,
  );

function latestModel({ t }: CompanyContext, { stored, base, draft }: Shown): EditModel['latest'] {
  if (!stored || !base) return {};
  const said = { ...stored.said, gender: stored.said.gender && t(`customers.gender.${stored.said.gender}`) };
  const entries = (['name', 'gender', 'region'] as const)
    .filter((field) => !base.details.latest.includes(field))
    .map((field) => {
      const text = said[field]
        ? t(`customers.edit.latest.${field}`, { value: said[field] })
        : t('customers.edit.latest.nothing');
      return [field, { text, ticked: draft.latest.includes(field) }] as const;
    });
  return Object.fromEntries(entries);
}

function listModel(
  ctx: CompanyContext,
  name: 'phones' | 'emails',
  typed: readonly { text: string; channels?: readonly string[] }[],
  contacts: readonly ContactRow[],
  least: number,
  errors: Record<string, string>,
): ListModel {
  const { t } = ctx;
  const kind = name === 'phones' ? 'phone' : 'email';
  const most = LIMITS[name];
  const known = contacts.filter((each) => each.kind === kind);
  const empty = Math.max(0, Math.min(Math.max(1, least - typed.length), most - typed.length));
  const rows = [...typed, ...Array.from({ length: empty }, () => ({ text: '', channels: [] }))];
  return {
    name,
    rows: rows.map(({ text, channels = [] }, n) => {
      const contact = known.find(({ value }) => value === text || formatPhone(value) === text);
      const fixed = contact && isFixed(contact) ? fixedModel(ctx, contact) : null;
      const field = `${name}.${n}`;
      const isThere = n < typed.length;
      return {
        name: field,
        label: t(`customers.edit.row.${kind}`, { n: n + 1 }),
        value: text,
        error: errors[field] ?? null,
        channels:
          kind === 'phone'
            ? CHANNELS.map((value) => ({
                value,
                label: t(`customers.channel.${value}`),
                chosen: channels.includes(value),
              }))
            : [],
        fixed,
        up: isThere && n > 0 ? `${field}.up` : null,
        down: isThere && n < typed.length - 1 ? `${field}.down` : null,
        remove: isThere && !fixed ? `${field}.remove` : null,
      };
    }),
    more: rows.length < most ? `${name}.${rows.length + 1}.more` : null,
    overflow: typed.length > most ? t(`customers.edit.overflow.${name}`, { count: typed.length, most }) : null,
  };
}

function fixedModel({ t }: CompanyContext, contact: ContactRow): RowModel['fixed'] {
  const { shared, order_id: id, order_number: number } = contact;
  const proof = id ? t('customers.edit.fixed.order', { number }) : t('customers.edit.fixed.other');
  return { text: shared ? t('customers.edit.fixed.shared') : proof, order: id && `/orders/${id}`, shared };
}

function warningModel(ctx: CompanyContext, others: readonly Lookalike[], canMerge: boolean): WarningModel {
  return {
    others: others.map((other) => otherModel(ctx, other)),
    seen: others.map(({ id }) => id).join(','),
    taken: others.some(({ holds }) => holds.length > 0),
    canMerge,
  };
}

function otherModel(ctx: CompanyContext, other: Lookalike): WarningModel['others'][number] {
  const { t } = ctx;
  const reasons =
    other.holds.length > 0
      ? other.holds.map(({ kind, value }) =>
          t('customers.edit.warning.has', { contact: contactWords(kind, value, ctx) }),
        )
      : [t('customers.edit.warning.sameName')];
  if (other.deleted) return { path: '/customers/deleted', name: t('customers.deleted.customer'), facts: [], reasons };
  return { path: `/customers/${other.id}`, name: nameOf(other, ctx), facts: factsOf(ctx, other), reasons };
}

function factsOf({ t, format, company }: CompanyContext, other: Lookalike): string[] {
  return [
    ...(other.phones[0] ? [formatPhone(other.phones[0])] : []),
    ...(other.emails[0] ? [other.emails[0]] : []),
    ...(other.region ? [other.region] : []),
    t('customers.general.ordersOf', { count: Number(other.orders_count) }),
    ...(other.orders_count > 0n ? [format.money(other.sum_all, company.currency)] : []),
    ...(other.last_order_at ? [t('customers.edit.warning.last', { day: format.date(other.last_order_at) })] : []),
  ];
}
