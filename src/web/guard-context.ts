import type { Company, Role } from '../tenancy/company.ts';
import type { CompanyPermission, Context } from './context.ts';
import type { MenuEntry } from './menu.ts';

/** The context of one request as the guards see it: company and role only where there is a membership. */
export interface OpenContext extends Context {
  readonly company: Company | null;
  readonly role: Role | null;
  may(permission: CompanyPermission): boolean;
  allows(permission: MenuEntry['permission']): boolean;
  readonly menu: readonly MenuEntry[];
}
