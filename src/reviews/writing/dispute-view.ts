import type { CompanyContext } from '../../web/context.ts';
import type { Refusal } from '../../web/form.ts';
import type { SeenRow } from '../tab/tab.ts';
import { type CardModel, cardModel } from '../tab/view.ts';
import { LONGEST } from './input.ts';

declare module '../../web/views.ts' {
  interface Views {
    'reviews/dispute': DisputeModel;
    'reviews/withdrawal': ConfirmModel;
  }
}

interface DisputeModel {
  title: string;
  back: string;
  action: string;
  review: CardModel;
  text: string;
  longest: number;
  errors: Record<string, string>;
}

export const disputeModel = (
  ctx: CompanyContext,
  name: string,
  tab: string,
  review: SeenRow,
  { values, errors }: Refusal,
): DisputeModel => ({
  title: ctx.t('reviews.dispute.title', { name }),
  back: tab,
  action: `${tab}/${review.id}/dispute`,
  review: { ...cardModel(ctx, review, tab), disputePath: null },
  text: values.text ?? '',
  longest: LONGEST,
  errors,
});
