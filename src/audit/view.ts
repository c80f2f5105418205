import type { SignedInContext } from '../web/context.ts';
import { type Choice, choices } from '../web/form.ts';
import type { EntryRow } from './sql.ts';
import type { Wish } from './wish.ts';

export interface AuditModel {
  /** where the page is */
  path: string;
  typed: Record<string, string>;
  errors: Record<string, string>;
  actions: Choice[];
  /** whether several companies are in it */
  companies: boolean;
  filtered: boolean;
  /** address of the same as a file */
  file: string;
  entries: { at: string; user: string; action: string; company: string; subject: { name: string; value: string }[] }[];
  /** address of the page with older ones */
  older: string | null;
  /** of its first page; null: this is it */
  newest: string | null;
}

export interface Page {
  path: string;
  companies: boolean;
  entries: readonly EntryRow[];
  more: boolean;
  before: string | null;
}

export function modelOf(
  ctx: SignedInContext,
  wish: Wish,
  actions: readonly string[],
  { path, companies, entries, more, before }: Page,
): AuditModel {
  const { t } = ctx;
  const last = entries.at(-1);
  const to = (page: string, change: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...wish.typed, ...change }).toString();
    return query === '' ? page : `${page}?${query}`;
  };
  return {
    path,
    typed: { ...wish.typed },
    errors: Object.fromEntries(Object.entries(wish.errors).map(([field, key]) => [field, t(key)])),
    actions: actionChoices(ctx, actions, wish.typed.action),
    companies,
    filtered: Object.keys(wish.typed).length > 0,
    file: to(`${path}/file`),
    entries: entries.map((entry) => entryModel(ctx, entry)),
    older: more && last ? to(path, { before: last.id }) : null,
    newest: before === null ? null : to(path),
  };
}

function actionChoices(
  { t, locale }: SignedInContext,
  actions: readonly string[],
  chosen: string | undefined,
): Choice[] {
  const named = choices(actions, chosen, (action) => t(`admin.action.${action}`));
  const any = { value: '', label: t('admin.audit.anything'), chosen: chosen === undefined };
  return [any, ...named.sort((a, b) => a.label.localeCompare(b.label, locale))];
}

export function entryModel(ctx: SignedInContext, entry: EntryRow) {
  return { at: ctx.format.dateTime(entry.at), ...said(ctx, entry) };
}

/** The deed in words. */
export function said({ t }: SignedInContext, { user, by_person: byPerson, action, company, subject }: EntryRow) {
  return {
    user: user ?? t(byPerson ? 'admin.audit.somebody' : 'admin.audit.program'),
    action: actionWords(t, action),
    company: company ?? '',
    subject: Object.entries(subject).map(([name, value]) => ({
      name: fieldWords(t, name),
      value: valueWords(t, value),
    })),
  };
}

type T = SignedInContext['t'];

/** What other versions wrote down may have names that this one does not know: those are shown as they are. */
const actionWords = (t: T, action: string): string => known(t, `admin.action.${action}`, action);

const fieldWords = (t: T, name: string): string => known(t, `admin.audit.field.${name}`, name);

function known(t: T, key: string, otherwise: string): string {
  const words = t(key);
  return words === key ? otherwise : words;
}

function valueWords(t: T, value: unknown): string {
  if (value === null || typeof value === 'boolean') return t(`admin.audit.value.${value}`);
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
