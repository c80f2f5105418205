import { type EntryRow, list as listEntries } from '../audit/audit.ts';
import type { SignedInContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import type { AuditModel } from './view.ts';

const PER_PAGE = 50;

export async function list(ctx: SignedInContext): Promise<void> {
  const before = readBefore(ctx);
  const { entries, more } = await ctx.services.tenancy.inPortal((db) => listEntries(db, PER_PAGE, before));
  const last = entries.at(-1);
  const model: AuditModel = {
    entries: entries.map((entry) => entryModel(ctx, entry)),
    older: more && last ? `/admin/audit?before=${last.id}` : null,
    newest: before === null,
  };
  await ctx.render('admin/audit', model);
}

function entryModel({ t, format }: SignedInContext, { at, user, action, company, subject }: EntryRow) {
  return {
    at: format.dateTime(at),
    user: user ?? t('admin.audit.program'),
    action: t(`admin.action.${action}`),
    company: company ?? '',
    subject: Object.entries(subject).map(([name, value]) => ({
      name: fieldWords(t, name),
      value: valueWords(t, value),
    })),
  };
}

type T = SignedInContext['t'];

/** What older versions wrote down may have names that nobody knows any more: those are shown as they are. */
function fieldWords(t: T, name: string): string {
  const key = `admin.audit.field.${name}`;
  const words = t(key);
  return words === key ? name : words;
}

function valueWords(t: T, value: unknown): string {
  if (value === null || typeof value === 'boolean') return t(`admin.audit.value.${value}`);
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
