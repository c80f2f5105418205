import {
  addMember,
  createUser,
  emailInput,
  findUserByEmail,
  isPassword,
  type NewUser,
  newPassword,
  newUser,
  ROLES,
} from '../../auth/auth.ts';
import { companiesOfUser } from '../../companies/companies.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import { command, oneOf, SWITCH, value, word } from '../command.ts';
import { companyOf, inPortal } from '../desk.ts';
import { OperatorError } from '../error.ts';

/**
 * `user:create --email --password --name [--company <slug> --role <role> | --moderator | --admin]`. Somebody who has an account
 * already joins a further company with its password.
 */
export const userCreate = command({
  flags: {
    email: value(emailInput, 'must be an e-mail address'),
    password: value(
      newPassword,
      `must have ${newPassword.minLength} to ${newPassword.maxLength} characters, and be none that many people have`,
    ),
    name: word(200),
    company: word(63).optional(),
    role: oneOf(ROLES).optional(),
    moderator: SWITCH,
    admin: SWITCH,
  },
  check: ({ company, role, moderator, admin }) => {
    if ((company === undefined) !== (role === undefined)) return '--company and --role belong together';
    const places = [company !== undefined, moderator, admin].filter(Boolean);
    return places.length > 1 ? 'only one of --company, --moderator and --admin can be given' : null;
  },
  run: async (desk, { company, role, ...input }) => {
    const found = company === undefined ? null : await companyOf(desk, company);
    const user = newUser.parse({ ...input, ...(found && { locale: found.locale }) });
    const id = await inPortal(desk, async (db) => {
      const id = (found && (await joining(db, user, found.id))) ?? (await createUser(db, user, null));
      if (found && role) await addMember(db, { companyId: found.id, userId: id, role }, null);
      return id;
    });
    const { moderator, admin } = input;
    return { id, email: user.email, ...(found ? { company, role } : { moderator, admin }) };
  },
});

/** Who has an account already, with this password, and is no member yet. null: nobody has this address. */
async function joining(db: PortalDb, { email, password }: NewUser, companyId: string): Promise<string | null> {
  const known = await findUserByEmail(db, email);
  if (!known) return null;
  if (!(await isPassword(known.password_hash, password))) {
    throw new OperatorError(`--email ${email} has an account with another password`);
  }
  const companies = await companiesOfUser(db, known.id);
  if (companies.some(({ id }) => id === companyId)) throw new OperatorError(`--email ${email} is a member already`);
  return known.id;
}
