import type { CompanyContext } from '../web/context.ts';
import type { NoticeRow } from './notices.ts';

declare module '../web/views.ts' {
  interface Views {
    'notices/list': NoticesModel;
  }
}

interface NoticesModel {
  notices: { id: string; text: string; at: string; path: string | null; unread: boolean }[];
  anyUnread: boolean;
  /** address of the page with older ones */
  older: string | null;
  newest: boolean;
}

type Words = Pick<CompanyContext, 't' | 'format'>;

export function noticesModel({ t, format }: Words, rows: NoticeRow[], more: boolean, newest: boolean): NoticesModel {
  const last = rows.at(-1);
  return {
    notices: rows.map(({ id, kind, data, created_at, read_at }) => ({
      id,
      text: t(`notices.kind.${kind}`, data),
      at: format.dateTime(created_at),
      path: typeof data.path === 'string' ? data.path : null,
      unread: read_at === null,
    })),
    anyUnread: rows.some(({ read_at }) => read_at === null),
    older: more && last ? `/notices?before=${last.id}` : null,
    newest,
  };
}
