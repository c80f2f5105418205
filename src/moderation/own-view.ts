import type { SignedInContext } from '../web/context.ts';
import type { CaseRow, Kind, Place } from './moderation.ts';
import { maskedNumber, queuePath, stateWords } from './view.ts';

declare module '../web/views.ts' {
  interface Views {
    'moderation/own': OwnModel;
  }
}

/** A case of a company that the moderator belongs to: how it stands, and no word of what it says or of who is against whom. */
interface OwnModel {
  title: string;
  back: string;
  next: string | null;
  status: string;
  why: string;
}

export function ownModel(ctx: SignedInContext, found: CaseRow, place: Place | null, kind: Kind | null): OwnModel {
  const { t } = ctx;
  return {
    title: t(`moderation.case.title.${found.kind}`, { number: maskedNumber(found.phoneHint) }),
    back: queuePath({ state: 'waiting', kind }),
    next: place?.next ? `/moderation/${place.next}${kind ? `?kind=${kind}` : ''}` : null,
    status: found.open ? t('moderation.state.own') : (stateWords(ctx, found) ?? ''),
    why: t('moderation.own.why'),
  };
}
