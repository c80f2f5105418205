/** A worker that was not heard of for so long is taken for dead, so that a run needs minutes and not hours. */
export const TRUST = { leaseSeconds: 3, sweepSeconds: 1 };
