import type { Company, Role } from '../tenancy/company.ts';
import type { CompanyPermission } from './context.ts';

const ROLES: Record<CompanyPermission, readonly Role[]> = {
  'customers:read': ['owner', 'manager', 'viewer'],
  'customers:write': ['owner', 'manager'],
  'exports:create': ['owner', 'manager'],
  'campaigns:send': ['owner', 'manager'],
  'settings:manage': ['owner'],
};

/** What an unpaid plan leaves: the company keeps and can take out what it has (P-05), and shuts out whom it wants. */
const WITHOUT_PLAN: readonly CompanyPermission[] = ['customers:read', 'exports:create', 'settings:manage'];

/** Why a person may not: the role, or only the company's plan. null: allowed. */
export function refusal(company: Company, role: Role, permission: CompanyPermission): 'role' | 'plan' | null {
  if (!ROLES[permission].includes(role)) return 'role';
  return company.plan === 'paid' || WITHOUT_PLAN.includes(permission) ? null : 'plan';
}
