// What other domains may do with users, their memberships and their letters.
export { clearEnded } from './endings.ts';
export { invite, listInvitations, revokeInvitation } from './invitations.ts';
export { addMember, changeRole, findMember, listMembers, ROLES, removeMember, roleInput } from './members.ts';
export { isPassword, newPassword } from './password.ts';
export { askForReset, postResetLetter } from './resets.ts';
export { isOnlyOf, removeSecondFactor, stateOf as secondFactorOf } from './second-factor/second-factor.ts';
export { endSignIns, listSignIns } from './sign-ins/sign-ins.ts';
export type { InvitationRow, MemberRow, UserRow } from './sql.ts';
export {
  changeRights,
  createUser,
  emailInput,
  findUser,
  findUserByEmail,
  listUsers,
  type NewUser,
  newUser,
  type Rights,
} from './users.ts';
