import { type Decided, DecisionError } from '../identity/identity.ts';
import type { CompanyContext } from '../web/context.ts';
import { type Act, carryOut, type Effect, preview } from './effect.ts';

/** What the decision would change; or, in words, why it cannot be taken. */
export function foresee(ctx: CompanyContext, act: Act, always?: readonly string[]): Promise<Effect | string> {
  return orWords(ctx, () => ctx.services.tenancy.inCompany(ctx.company, (db) => preview(db, act, always)));
}

/** Takes the decision of a form that carries what was previewed. */
export function decide(
  ctx: CompanyContext,
  act: Act,
  always?: readonly string[],
): Promise<{ done: Decided } | { changed: Effect } | string> {
  const stamp = String(ctx.req.body?.stamp ?? '');
  return orWords(ctx, () => ctx.services.tenancy.inCompany(ctx.company, (db) => carryOut(db, act, stamp, always)));
}

async function orWords<Result>({ t }: CompanyContext, work: () => Promise<Result>): Promise<Result | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DecisionError) return t(`duplicates.problem.${error.reason}`);
    throw error;
  }
}

/** All values of a parameter of the address or a field of the form, wherever it stands and however often. */
export function many(from: unknown, name: string): string[] {
  const value = (from as Record<string, unknown> | null | undefined)?.[name];
  return [value].flat().filter((each) => typeof each === 'string');
}

/** Something else stands there than what the person has seen. */
export const CONFLICT = 409;
