import { findUserByEmail, removeSecondFactor } from '../../auth/auth.ts';
import { parseEmail } from '../../kernel/email.ts';
import { command, word } from '../command.ts';
import { inPortal } from '../desk.ts';
import { OperatorError } from '../error.ts';

/** `user:reset-second-factor --email`: who lost app and recovery codes signs in with the password alone again, and is told by letter. */
export const userResetSecondFactor = command({
  flags: { email: word(255) },
  run: async (desk, { email }) => {
    const removed = await inPortal(desk, async (db) => {
      const user = await findUserByEmail(db, parseEmail(email) ?? email);
      if (!user) throw new OperatorError(`--email ${email}: there is no such user`);
      return removeSecondFactor(db, user.id, null);
    });
    return { email, removed };
  },
});
