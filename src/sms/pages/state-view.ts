import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow, State } from '../draft/draft.ts';

const PILLS: Record<State, string> = {
  draft: '',
  scheduled: 'pill-warn',
  sending: 'pill-warn',
  paused: 'pill-bad',
  finished: 'pill-good',
  cancelled: '',
};

/** The state of a campaign as a word. */
export const stateModel = ({ t }: CompanyContext, { state }: Pick<CampaignRow, 'state'>) => ({
  state: t(`sms.state.${state}`),
  pill: PILLS[state],
});

/** Nothing more leaves by itself. */
export const hasEnded = ({ state }: Pick<CampaignRow, 'state'>) => state === 'finished' || state === 'cancelled';
