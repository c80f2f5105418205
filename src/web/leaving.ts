let begun = false;

/** Whether this process was told to end: `/readyz` says so, and no connection is kept for another request. */
export const isLeaving = (): boolean => begun;

/** From now on it is; there is no way back. */
export function beginLeaving(): void {
  begun = true;
}
