import { addMember, createUser, newUser } from '../auth/auth.ts';
import { companyIdOfSlug } from '../companies/companies.ts';
import type { Role } from '../tenancy/company.ts';
import type { PortalDb } from '../tenancy/handles.ts';

export interface DemoSignIn {
  email: string;
  password: string;
  /** what the person is, for the terminal */
  who: string;
}

interface Colleague {
  email: string;
  name: string;
  locale: 'en' | 'uk';
  moderator?: boolean;
  admin?: boolean;
  /** by slug */
  roles?: Record<string, Role>;
}

const PASSWORD = 'clientele-demo';

const STAFF: readonly Colleague[] = [
  { email: 'owner@example.com', name: 'Olha Demo', locale: 'en', roles: { zatyshok: 'owner' } },
  {
    email: 'manager@example.com',
    name: 'Максим Демо',
    locale: 'uk',
    roles: { zatyshok: 'manager', gartenhaus: 'viewer' },
  },
  { email: 'viewer@example.com', name: 'Vira Demo', locale: 'en', roles: { zatyshok: 'viewer' } },
  { email: 'garten@example.com', name: 'Greta Demo', locale: 'en', roles: { gartenhaus: 'owner' } },
  { email: 'lampka@example.com', name: 'Lech Demo', locale: 'en', roles: { lampka: 'owner' } },
  { email: 'moderator@example.com', name: 'Mod Demo', locale: 'en', moderator: true },
  { email: 'admin@example.com', name: 'Ada Demo', locale: 'en', admin: true },
];

/** Who can sign in to the demo marketplace. */
export const demoSignIns: readonly DemoSignIn[] = STAFF.map((colleague) => ({
  email: colleague.email,
  password: PASSWORD,
  who: describe(colleague),
}));

function describe({ roles = {}, moderator, admin }: Colleague): string {
  if (moderator || admin) return admin ? 'administrator of the portal' : 'moderator of the portal';
  return Object.entries(roles)
    .map(([company, role]) => `${role} of ${company}`)
    .join(', ');
}

export async function hireStaff(db: PortalDb): Promise<void> {
  for (const { roles = {}, ...person } of STAFF) {
    const userId = await createUser(db, newUser.parse({ ...person, password: PASSWORD }), null);
    for (const [slug, role] of Object.entries(roles)) {
      const companyId = await companyIdOfSlug(db, slug);
      if (companyId) await addMember(db, { companyId, userId, role }, null);
    }
  }
}
