import type { LinkRow } from './sql.ts';

type Said = Pick<LinkRow, 'reason' | 'at'>;

const UNDO_MINUTES = 10;

/** Whether the person of the number has said no. That the company has blocked it is another matter: they may say it themselves too. */
export const isSilent = ({ reason }: Said): boolean => reason !== null && reason !== 'hand';

/** Whether it was said on the page, and just now. */
export const mayUndo = ({ reason, at }: Said, now: Date): boolean =>
  reason === 'page' && at !== null && now.getTime() - at.getTime() < UNDO_MINUTES * 60_000;
