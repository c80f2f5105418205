import type { Member } from './tenancy/tenancy.ts';
import type { Context } from './web/context.ts';

/** Leads everybody to their first page. */
export function show({ member, redirect }: Context): void {
  redirect(member ? firstPage(member) : '/login');
}

function firstPage({ membership, admin, moderator }: Member): string {
  if (membership) return '/customers';
  if (admin) return '/admin/companies';
  return moderator ? '/moderation' : '/companies';
}
