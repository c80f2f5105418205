import type { SignedInContext } from '../web/context.ts';
import { typedValues } from '../web/form.ts';
import * as settings from './settings.ts';

const GROUPS = ['reviews', 'signIn'] as const;

export async function show(ctx: SignedInContext): Promise<void> {
  const { services, t, format } = ctx;
  const switches = await services.tenancy.inPortal((db) => settings.list(db));
  await ctx.render('admin/settings', {
    groups: GROUPS.map((group) => ({
      name: t(`admin.settings.${group}`),
      switches: switches
        .filter((each) => each.group === group)
        .map(({ name, word, on, changed }) => ({
          name,
          on,
          label: t(`admin.settings.${word}.name`),
          text: t(`admin.settings.${word}.text`),
          changed:
            changed &&
            t('admin.settings.changed', {
              at: format.dateTime(changed.at),
              name: changed.by ?? t('admin.audit.program'),
            }),
        })),
    })),
  });
}

export async function save(ctx: SignedInContext): Promise<void> {
  const { services, member, now, req, t } = ctx;
  const typed = typedValues(req.body);
  const wanted = new Set(settings.SWITCHES.map(({ name }) => name).filter((name) => typed[name] === 'on'));
  await services.tenancy.inPortal((db) => settings.save(db, wanted, { userId: member.user.id, now }));
  ctx.redirect('/admin/settings', { kind: 'done', text: t('web.form.saved') });
}
