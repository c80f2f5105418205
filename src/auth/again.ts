import type { Patience } from '../platform/limiter.ts';
import type { SignedInContext } from '../web/context.ts';
import { FieldError } from '../web/form.ts';
import { letIn } from './login.ts';
import { isPassword } from './password.ts';
import type { LoginRow } from './sql.ts';
import { findUser } from './users.ts';

// What somebody who is signed in must prove again before it is changed how one signs in.

// A browser left open must not let somebody guess the password at leisure.
const GUESSES: Patience = { name: 'password-change', free: 5, longest: 15 * 60 };

/** Throws FieldError `current` when it is not the password, or was guessed too often. */
export async function checkCurrent({ services, member }: SignedInContext, current: string): Promise<void> {
  const { id } = member.user;
  if ((await services.limiter.attempt(GUESSES, id)) > 0) throw new FieldError('current', 'auth.profile.wait');
  const user = await services.tenancy.inPortal((db) => findUser(db, id));
  if (!(await isPassword(user?.password_hash ?? null, current))) throw new FieldError('current', 'auth.profile.wrong');
  await services.limiter.forget(GUESSES, id);
}

/** All sessions of the person have ended; this browser goes on in a new one, in the same company. */
export async function goOn(ctx: SignedInContext, user: LoginRow): Promise<void> {
  const company = ctx.req.session.companyId;
  await letIn(ctx, user);
  if (company) ctx.req.session.companyId = company;
}
