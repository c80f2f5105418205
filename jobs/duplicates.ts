import * as duplicates from '../src/duplicates/duplicates.ts';
import type { Handler } from './handler.ts';

export const planDuplicates: Handler<'duplicates.plan'> = {
  run: ({ services }) => duplicates.askEverywhere(services),
};

export const findDuplicates: Handler<'duplicates.find'> = {
  run: async ({ services, company }) => void (await duplicates.findNear(services, company)),
};
