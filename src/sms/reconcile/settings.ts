/** How patiently the provider is asked about what nobody has told us. */
export interface Effort {
  /** unknown for so long: its callback has not come */
  unknownSeconds: number;
  /** taken for so long without a last word */
  silentSeconds: number;
  /** asked again after so long at least, and then after twice as long each time */
  pauseSeconds: number;
  /** after so long it stays what it is */
  giveUpSeconds: number;
  /** questions a second, at most */
  perSecond: number;
  /** of one company in one run */
  most: number;
  /** so long one run lasts, at most */
  runSeconds: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export const USUAL: Effort = {
  unknownSeconds: 2 * MINUTE,
  silentSeconds: HOUR,
  pauseSeconds: 4 * MINUTE,
  giveUpSeconds: 72 * HOUR,
  perSecond: 10,
  most: 300,
  runSeconds: 4 * MINUTE,
};

/** Whether the provider is not asked any more what became of it. */
export const isGivenUp = (calledAt: Date | null, now: Date): boolean =>
  calledAt !== null && now.getTime() - calledAt.getTime() > USUAL.giveUpSeconds * 1000;
