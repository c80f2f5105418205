import type { Member } from '../tenancy/tenancy.ts';
import type { Context } from './context.ts';

/** Who wants a second factor of this person, who has none, before this door opens. null: nobody. */
export function secondFactorDue(member: Member, door: 'portal' | 'company'): 'portal' | 'company' | null {
  if (member.factorStamp !== null) return null;
  const wanted = door === 'portal' ? member.portalWantsSecondFactor : member.membership?.wantsSecondFactor;
  return wanted ? door : null;
}

/** Where it is set up; the page itself says who wants it. */
export function leadToSecondFactor(ctx: Pick<Context, 'redirect'>): void {
  ctx.redirect('/profile/security');
}
