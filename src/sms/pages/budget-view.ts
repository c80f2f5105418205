import type { CompanyContext } from '../../web/context.ts';
import type { OverBudget } from '../launch/budget.ts';
import { moneyOf } from './money-view.ts';

/** Why money forbids it, with the sums; `settings`: where the budget can be raised; null: others do that. */
export interface BudgetModel {
  text: string;
  settings: string | null;
}

export const budgetModel = (ctx: CompanyContext, { budget, ceilingMicros }: OverBudget): BudgetModel => ({
  text: ctx.t('sms.one.overBudget', {
    cost: moneyOf(ctx, ceilingMicros),
    left: moneyOf(ctx, budget.leftMicros),
    limit: moneyOf(ctx, budget.limitMicros),
  }),
  settings: ctx.may('settings:manage') ? '/settings/sms' : null,
});
