import * as audit from '../audit/audit.ts';
import { newId } from '../kernel/id.ts';
import * as outbox from '../outbox/outbox.ts';
import { translator } from '../platform/i18n.ts';
import type { Role } from '../tenancy/company.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import { FieldError } from '../web/form.ts';
import { addMember, listMembers } from './members.ts';
import * as sql from './sql.ts';
import { hashToken, makeToken } from './token.ts';

const DAYS = 7;

export interface Inviting {
  email: string;
  role: Role;
  /** who invites */
  user: { id: string; name: string };
  now: Date;
  publicUrl: string;
}

/** Posts the letter with the link; an earlier one to the same address opens nothing any more. Throws FieldError for a member. */
export async function invite(db: CompanyDb, { email, role, user, now, publicUrl }: Inviting): Promise<void> {
  const members = await listMembers(db);
  if (members.some((member) => member.email === email)) throw new FieldError('email', 'auth.alreadyMember');
  await db.execute(sql.revokeInvitationsTo(email, now));
  const { token, hash } = makeToken();
  const id = newId();
  const expiresAt = new Date(now.getTime() + DAYS * 24 * 60 * 60_000);
  await db.execute(sql.insertInvitation({ companyId: db.company.id, id, email, role, hash, by: user.id, expiresAt }));
  await audit.write(db, { userId: user.id, action: 'member.invited', subject: { email, role } });
  const t = translator(db.company.locale);
  const words = { who: user.name, company: db.company.name, role: t(`auth.role.${role}.name`), count: DAYS };
  await outbox.post(db, {
    to: email,
    subject: t('auth.invitation.letter.subject', words),
    text: t('auth.invitation.letter.text', { ...words, link: `${publicUrl}/invitations/${token}` }),
  });
}

export const listInvitations = (db: CompanyDb, now: Date) => db.query<sql.InvitationRow>(sql.openInvitations(now));

/** false: there is no such open invitation. */
export async function revokeInvitation(db: CompanyDb, id: string, by: { userId: string; now: Date }): Promise<boolean> {
  if ((await db.execute(sql.revokeInvitation(id, by.now))) === 0) return false;
  await audit.write(db, { userId: by.userId, action: 'invitation.revoked', subject: { id } });
  return true;
}

export type { FoundInvitation } from './sql.ts';

/** null: used, revoked, replaced, too old, or never made. Holds it until the transaction ends. */
export async function findInvitation(db: PortalDb, token: string, now: Date): Promise<sql.FoundInvitation | null> {
  return (await db.query<sql.FoundInvitation>(sql.invitationByToken(hashToken(token), now)))[0] ?? null;
}

export async function accept(db: PortalDb, found: sql.FoundInvitation, userId: string, now: Date): Promise<void> {
  await db.execute(sql.acceptInvitation(found.company_id, found.id, now));
  await addMember(db, { companyId: found.company_id, userId, role: found.role }, userId);
}
