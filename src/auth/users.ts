import { z } from 'zod';
import * as audit from '../audit/audit.ts';
import { parseEmail } from '../kernel/email.ts';
import { newId } from '../kernel/id.ts';
import type { Locale, Role } from '../tenancy/company.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import { FieldError, line, oneOf } from '../web/form.ts';
import { hashPassword, newPassword } from './password.ts';
import { endSignIns } from './sign-ins/sign-ins.ts';
import * as sql from './sql.ts';

export const emailInput = line(255).transform((given, ctx) => {
  const email = parseEmail(given);
  if (email === null) ctx.addIssue({ code: 'custom', message: 'auth.noEmail' });
  return email ?? '';
});

export const newUser = z.object({
  email: emailInput,
  name: line(200),
  password: newPassword,
  locale: oneOf(['en', 'uk']).default('en'),
  moderator: z.boolean().default(false),
  admin: z.boolean().default(false),
});
export type NewUser = z.output<typeof newUser>;

/**
 * Throws FieldError when the address is taken. Answers the id. `by`: the administrator; null: the operator or the person. `hash`: how
 * the password is kept; a sign-in takes as long as the hash it is compared with.
 */
export async function createUser(
  db: PortalDb,
  { password, ...user }: NewUser,
  by: string | null,
  hash: (password: string) => Promise<string> = hashPassword,
): Promise<string> {
  const id = newId();
  const made = await db.execute(sql.insert({ ...user, id, passwordHash: await hash(password) }));
  if (made === 0) throw new FieldError('email', 'auth.emailTaken');
  const { email, moderator, admin } = user;
  await audit.write(db, { userId: by, action: 'user.created', subject: { id, email, moderator, admin } });
  return id;
}

/** By name, the disabled ones last; `q`: a part of the name or the address. */
export const listUsers = (db: PortalDb, q: string, limit: number) =>
  db.query<sql.UserRow & { companies: { name: string; role: Role }[] }>(sql.list(q, limit));

export async function findUser(db: PortalDb, id: string): Promise<sql.LoginRow | null> {
  return (await db.query<sql.LoginRow>(sql.byId(id)))[0] ?? null;
}

export async function findUserByEmail(db: PortalDb, email: string): Promise<sql.LoginRow | null> {
  return (await db.query<sql.LoginRow>(sql.byEmail(email)))[0] ?? null;
}

export interface Rights {
  moderator: boolean;
  admin: boolean;
  disabled: boolean;
}

/** What the portal lets a user do. A disabled one is signed out everywhere at once. Throws FieldError for one's own admin right. */
export async function changeRights(
  db: PortalDb,
  user: sql.UserRow,
  { moderator, admin, disabled }: Rights,
  by: { userId: string; now: Date },
): Promise<void> {
  if (user.id === by.userId && (disabled || !admin)) throw new FieldError('admin', 'auth.notYourself');
  await db.execute(sql.setRights(user.id, moderator, admin, disabled ? (user.disabled_at ?? by.now) : null));
  // Else they would be there again as soon as the user is let in.
  if (disabled) await endSignIns(db, user.id, null);
  const subject = { id: user.id, email: user.email, moderator, admin, disabled };
  await audit.write(db, { userId: by.userId, action: 'user.rights', subject });
}

/** Every session of the user is over: they carry the stamp of the old password. */
export async function changePassword(db: PortalDb, userId: string, passwordHash: string): Promise<sql.LoginRow | null> {
  await db.execute(sql.setPassword(userId, passwordHash));
  await endSignIns(db, userId, null);
  await audit.write(db, { userId, action: 'user.password', subject: { id: userId } });
  return findUser(db, userId);
}

export async function setProfile(
  db: PortalDb,
  userId: string,
  profile: { name: string; locale: Locale },
): Promise<void> {
  await db.execute(sql.setProfile(userId, profile.name, profile.locale));
}

export async function setTheme(db: PortalDb, userId: string, theme: 'auto' | 'light' | 'dark'): Promise<void> {
  await db.execute(sql.setTheme(userId, theme));
}
