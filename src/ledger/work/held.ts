/** Some rows of a claim. */
export interface Held {
  claim: string;
  ids: readonly string[];
}

/** What came of one call. */
export type Settlement = { id: string } & (
  | { state: 'accepted'; sid: string }
  | { state: 'failed'; reason: string; errorCode: string | null }
  | { state: 'unknown'; reason: string }
);
