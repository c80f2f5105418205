import type { HeaderModel } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Paged } from '../web/pager.ts';
import type { FeedbackRow } from './feedback.ts';

declare module '../web/views.ts' {
  interface Views {
    'feedback/tab': TabModel;
  }
}

interface TabModel extends Paged {
  title: string;
  header: HeaderModel;
  feedback: { rating: string; stars: { full: boolean }[]; when: string; name: string | null; text: string }[];
}

export function tabModel(
  { t, format }: CompanyContext,
  header: HeaderModel,
  rows: readonly FeedbackRow[],
  place: Paged,
): TabModel {
  return {
    title: t('feedback.tab.title', { name: header.name }),
    header,
    feedback: rows.map(({ rating, at, name, text }) => ({
      rating: t('feedback.rating', { rating: Number(rating) }),
      stars: [1, 2, 3, 4, 5].map((star) => ({ full: star <= Number(rating) })),
      when: format.dateTime(at),
      name,
      text,
    })),
    ...place,
  };
}
