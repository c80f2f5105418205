import * as outbox from '../../outbox/outbox.ts';
import { translator } from '../../platform/i18n.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import type { UserRow } from '../sql.ts';

export type News = 'on' | 'changed' | 'off' | 'codes' | 'used' | 'removed';

/** Tells the person what happened to the second factor, in the transaction in which it happens. */
export async function tell(db: PortalDb, user: UserRow, news: News, values: { count?: number } = {}): Promise<void> {
  const t = translator(user.locale);
  await outbox.post(db, {
    to: user.email,
    subject: t(`auth.secondFactor.letter.${news}.subject`, values),
    text: t('auth.secondFactor.letter.text', {
      name: user.name,
      what: t(`auth.secondFactor.letter.${news}.text`, values),
    }),
  });
}
