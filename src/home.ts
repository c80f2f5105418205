import type { Member } from './tenancy/tenancy.ts';
import type { Context } from './web/context.ts';

/** Leads everybody to their first page. */
export function show({ member, redirect }: Context): void {
  redirect(member ? firstPage(member) : '/login');
}

function firstPage({ membership, admin }: Member): string {
  if (membership) return '/customers';
  return admin ? '/admin/companies' : '/companies';
}
