import * as audit from '../audit/audit.ts';
import type { Role } from '../tenancy/company.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import { FieldError, oneOf } from '../web/form.ts';
import * as sql from './sql.ts';

export const ROLES = ['owner', 'manager', 'viewer'] as const satisfies readonly Role[];
export const roleInput = oneOf(ROLES);

/** Does nothing when the user is a member already. */
export async function addMember(
  db: PortalDb,
  { companyId, userId, role }: { companyId: string; userId: string; role: Role },
  by: string | null,
): Promise<void> {
  const added = await db.execute(sql.insertMembership(companyId, userId, role));
  if (added > 0) await audit.write(db, { userId: by, action: 'member.added', companyId, subject: { userId, role } });
}

export const listMembers = (db: CompanyDb) => db.query<sql.MemberRow>(sql.members());

/** null: no member of this company */
export async function findMember(db: CompanyDb, userId: string): Promise<sql.MemberRow | null> {
  return (await db.query<sql.MemberRow>(sql.oneMember(userId)))[0] ?? null;
}

/** Throws FieldError when it would leave the company without an owner. */
export async function changeRole(db: CompanyDb, userId: string, role: Role, by: string): Promise<void> {
  if (role !== 'owner') await keepAnOwner(db, userId);
  await db.execute(sql.setRole(userId, role));
  await audit.write(db, { userId: by, action: 'member.role', subject: { userId, role } });
}

/** Throws FieldError when it would leave the company without an owner. */
export async function removeMember(db: CompanyDb, userId: string, by: string): Promise<void> {
  await keepAnOwner(db, userId);
  await db.execute(sql.removeMembership(userId));
  await audit.write(db, { userId: by, action: 'member.removed', subject: { userId } });
}

async function keepAnOwner(db: CompanyDb, without: string): Promise<void> {
  const owners = await db.query<{ user_id: string }>(sql.lockOwners());
  if (owners.every(({ user_id }) => user_id === without)) throw new FieldError('role', 'auth.lastOwner');
}
