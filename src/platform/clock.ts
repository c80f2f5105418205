/** What time it is. Passed in wherever a rule depends on the day, so that a test can choose the day. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
