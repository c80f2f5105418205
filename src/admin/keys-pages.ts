import { keyPages } from '../keys/keys.ts';
import type { SignedInContext } from '../web/context.ts';

/** Keys that open every company. */
export const { list, make, askRevocation, revoke } = keyPages<SignedInContext>({
  path: '/admin/keys',
  companyId: () => null,
  slug: () => '<company>',
  show: (ctx, model, status) => ctx.render('admin/keys', model, status),
});
