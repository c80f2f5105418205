import { keyPages } from '../keys/keys.ts';
import type { CompanyContext } from '../web/context.ts';
import { sections } from './view.ts';

export const { list, make, askRevocation, revoke } = keyPages<CompanyContext>({
  path: '/settings/keys',
  companyId: ({ company }) => company.id,
  slug: ({ company }) => company.slug,
  show: (ctx, model, status) => ctx.render('settings/keys', { sections: sections(ctx), ...model }, status),
});
