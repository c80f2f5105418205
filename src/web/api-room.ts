import { MAX_BODY } from './api-body.ts';

/** So many calls of one company may be read, wait and be worked on at a time in this process, and so many bytes they may bring. */
export const CALLS_PER_COMPANY = 64;
export const BYTES_PER_COMPANY = 2 * MAX_BODY;

/** The bytes of all companies together: a few that send a lot at once must not fill the memory. */
export const BYTES = 64 * 1024 * 1024;

interface Share {
  calls: number;
  bytes: number;
}

const shares = new Map<string, Share>();
let held = 0;

/** Makes room for a body before it is read. Answers how to give it back; null: come again later. */
export function takeRoom(companyId: string, bytes: number): (() => void) | null {
  const share = shares.get(companyId) ?? { calls: 0, bytes: 0 };
  const full = share.calls >= CALLS_PER_COMPANY || share.bytes + bytes > BYTES_PER_COMPANY || held + bytes > BYTES;
  if (full) return null;
  shares.set(companyId, share);
  add(share, 1, bytes);
  return () => {
    add(share, -1, -bytes);
    if (share.calls === 0) shares.delete(companyId);
  };
}

function add(share: Share, calls: number, bytes: number): void {
  share.calls += calls;
  share.bytes += bytes;
  held += bytes;
}
