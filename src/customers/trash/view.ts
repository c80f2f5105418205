import type { CompanyContext } from '../../web/context.ts';
import type { ConfirmModel } from '../../web/views.ts';
import { contactWords } from '../contact-view.ts';
import { nameOf } from '../row-view.ts';
import type { CustomerRow } from '../sql.ts';
import { DAYS_KEPT, type DeletedRow, type Taken } from './trash.ts';

declare module '../../web/views.ts' {
  interface Views {
    'customers/deleted': DeletedModel;
    'customers/deletion': ConfirmModel;
  }
}

export interface DeletedModel {
  customers: {
    id: string;
    name: string;
    facts: string;
    /** who deleted it, and when */
    deleted: string;
    /** until when it can be brought back */
    until: string;
    restoreLabel: string;
    eraseLabel: string;
  }[];
  days: number;
  older: string | null;
  newest: string | null;
}

interface Leaf {
  customers: readonly DeletedRow[];
  more: boolean;
}

const PATH = '/customers/deleted';

export function deletedModel(ctx: CompanyContext, { customers, more }: Leaf, before: string | null): DeletedModel {
  const last = customers.at(-1);
  return {
    customers: customers.map((row) => deletedRow(ctx, row)),
    days: DAYS_KEPT,
    older: more && last ? `${PATH}?before=${last.id}` : null,
    newest: before ? PATH : null,
  };
}

function deletedRow(ctx: CompanyContext, row: DeletedRow): DeletedModel['customers'][number] {
  const { t, format } = ctx;
  const name = nameOf(row, ctx);
  const until = new Date(row.deleted_at.getTime() + DAYS_KEPT * 86_400_000);
  return {
    id: row.id,
    name,
    facts: t('customers.general.ordersOf', { count: Number(row.orders_count) }),
    deleted: t('customers.history.by', {
      name: row.deleted_by ?? t('customers.history.somebody'),
      at: format.dateTime(row.deleted_at),
    }),
    until: format.date(until),
    restoreLabel: t('customers.deleted.restoreLabel', { name }),
    eraseLabel: t('customers.deleted.eraseLabel', { name }),
  };
}

export function deletionModel(ctx: CompanyContext, customer: CustomerRow): ConfirmModel {
  const { t } = ctx;
  const orders = t('customers.general.ordersOf', { count: Number(customer.orders_count) });
  return {
    title: t('customers.deletion.title', { name: nameOf(customer, ctx) }),
    text: t('customers.deletion.text', { orders, days: DAYS_KEPT }),
    action: `/customers/${customer.id}/deletion`,
    back: `/customers/${customer.id}`,
    submit: t('customers.deletion.submit'),
    error: null,
  };
}

export function erasureModel(ctx: CompanyContext, row: DeletedRow): ConfirmModel {
  const { t } = ctx;
  return {
    title: t('customers.erasure.title', { name: nameOf(row, ctx) }),
    text: t('customers.erasure.text'),
    action: `/customers/${row.id}/erasure`,
    back: PATH,
    submit: t('customers.erasure.submit'),
    error: null,
  };
}

export const takenWords = (ctx: CompanyContext, taken: readonly Taken[]): string =>
  taken.map(({ kind, value }) => contactWords(kind, value, ctx)).join(', ');
