import { type CustomerRow, contactValue, contactWords, type HeaderModel } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { MergedRow, StepRow } from './decisions/decisions.ts';
import type { Effect } from './effect.ts';
import { type EffectModel, effectModel } from './effect-view.ts';
import { type FaceModel, faceModel } from './face-view.ts';
import type { Face } from './faces.ts';
import { sharingPath } from './sharing-view.ts';
import { type MergedModel, mergedModel } from './split-view.ts';
import { type Tab, tabsOf } from './tabs.ts';

declare module '../web/views.ts' {
  interface Views {
    'duplicates/decisions': ListModel;
    'duplicates/undoing': UndoingModel;
    'duplicates/identity': IdentityModel;
  }
}

interface ListModel {
  tabs: Tab[];
  steps: StepModel[];
  older: string | null;
  isFirst: boolean;
}

export interface StepModel {
  id: string;
  kind: string;
  icon: string;
  text: string;
  by: string;
  /** null: it holds */
  undone: string | null;
  links: { path: string; text: string }[];
  canUndo: boolean;
  label: string;
}

export function listModel(
  ctx: CompanyContext,
  steps: readonly StepRow[],
  more: boolean,
  isFurther: boolean,
): ListModel {
  const last = steps.at(-1);
  return {
    tabs: tabsOf(ctx, 'decisions'),
    steps: steps.map((step) => stepModel(ctx, step)),
    older: more && last ? `/duplicates/decisions?before=${last.step_id}` : null,
    isFirst: !isFurther,
  };
}

const ICONS = { merge: 'merge', split: 'split', apart: 'users', move: 'arrow-right', share: 'phone' } as const;

function stepModel(ctx: CompanyContext, step: StepRow): StepModel {
  const { t, format } = ctx;
  const at = format.dateTime(step.at);
  const people = new Map(
    step.parts.flatMap(({ customerId, customer, otherId, other }) => [
      ...(customerId ? [[customerId, customer || t('customers.noName')] as const] : []),
      ...(otherId ? [[otherId, other || t('customers.noName')] as const] : []),
    ]),
  );
  const orders = step.parts.flatMap(({ orderId, orderNumber }) =>
    orderId ? [{ path: `/orders/${orderId}`, text: t('customers.general.namesBoth', { number: orderNumber }) }] : [],
  );
  const text = sentence(ctx, step);
  return {
    id: step.step_id,
    kind: t(`duplicates.decision.kind.${step.kind}`),
    icon: ICONS[step.kind],
    text,
    by: t(step.user_name === null ? 'duplicates.decision.gone' : 'duplicates.decision.by', {
      name: step.user_name,
      at,
    }),
    undone: undone(ctx, step),
    links: [...[...people].map(([id, name]) => ({ path: `/customers/${id}`, text: name })), ...orders],
    canUndo: step.undone_at === null && ctx.may('customers:write'),
    label: t('duplicates.decision.undoLabel', { text }),
  };
}

function undone({ t, format }: CompanyContext, { undone_at: at, undone_by: name, overruled }: StepRow): string | null {
  if (!at) return null;
  if (overruled) return t('duplicates.decision.overruled', { at: format.dateTime(at) });
  return t(name === null ? 'duplicates.decision.undone' : 'duplicates.decision.undoneBy', {
    name,
    at: format.dateTime(at),
  });
}

function sentence(ctx: CompanyContext, { kind, parts }: StepRow): string {
  const { t } = ctx;
  const [part] = parts;
  const name = (text: string | null | undefined) => text || t('customers.noName');
  const contacts = (part?.contacts ?? []).map((contact) => contactWords(contact.kind, contact.value, ctx)).join(', ');
  return t(`duplicates.decision.text.${kind}`, {
    customer: name(part?.customer),
    other: kind === 'merge' ? parts.map(({ other }) => name(other)).join(', ') : name(part?.other),
    number: part?.orderNumber ?? '',
    contacts: contacts === '' ? t('duplicates.decision.all') : contacts,
  });
}

interface UndoingModel {
  title: string;
  step: StepModel;
  problem: string | null;
  effect: EffectModel | null;
}

export function undoingModel(
  ctx: CompanyContext,
  step: StepRow,
  found: Effect | string,
  isChanged = false,
): UndoingModel {
  const action = `/duplicates/decisions/${step.step_id}/undoing`;
  const form = { action, submit: ctx.t('duplicates.undoing.submit'), icon: 'undo', back: '/duplicates/decisions' };
  return {
    title: ctx.t('duplicates.undoing.title'),
    step: stepModel(ctx, step),
    problem: typeof found === 'string' ? found : null,
    effect: typeof found === 'string' ? null : effectModel(ctx, found, { form, isChanged }),
  };
}

interface IdentityModel {
  title: string;
  header: HeaderModel;
  canWrite: boolean;
  merge: string;
  /** null: there is nothing to take apart */
  split: string | null;
  merged: (MergedModel & { path: string })[];
  contacts: {
    icon: string;
    kind: string;
    value: string;
    from: string | null;
    shared: boolean;
    path: string;
    label: string;
  }[];
  notes: FaceModel['notes'];
  steps: StepModel[];
}

interface Loaded {
  face: Face | null;
  merged: readonly MergedRow[];
  steps: readonly StepRow[];
}

export function identityModel(
  ctx: CompanyContext,
  customer: CustomerRow,
  header: HeaderModel,
  loaded: Loaded,
): IdentityModel {
  const { t } = ctx;
  const { face, merged, steps } = loaded;
  const path = `/customers/${customer.id}`;
  const contacts = face?.contacts ?? [];
  const canSplit = merged.length > 0 || contacts.filter(({ shared }) => !shared).length > 1;
  return {
    title: t('duplicates.identity.title', { name: header.name }),
    header,
    canWrite: ctx.may('customers:write'),
    merge: `${path}/merge`,
    split: canSplit ? `${path}/split` : null,
    merged: merged.map((row) => ({ ...mergedModel(ctx, row, null), path: `${path}/split?origin=${row.id}` })),
    contacts: contacts.map(({ kind, value, shared, origin_id: origin, origin_name: name }) => ({
      icon: CONTACTS[kind],
      kind: t(`customers.kind.${kind}`),
      value: contactValue(kind, value),
      from: origin === customer.id ? null : t('duplicates.split.cameWith', { name: name || t('customers.noName') }),
      shared,
      path: sharingPath({ kind, value }),
      label: t(shared ? 'duplicates.identity.unshare' : 'duplicates.identity.share', {
        contact: contactValue(kind, value),
      }),
    })),
    notes: face ? faceModel(ctx, face).notes : [],
    steps: steps.map((step) => stepModel(ctx, step)),
  };
}

const CONTACTS = { account: 'user', phone: 'phone', email: 'mail' } as const;
