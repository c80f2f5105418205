import type { Request, RequestHandler } from 'express';

// A client that writes everything before it reads gets its answer all the same, if it was not far beyond what it may send.
const MOST_BYTES = 10 * 1024 * 1024;
const LONGEST = 5000;

/**
 * Whoever is answered before everything was read goes on sending for a moment, and must be able to read why. What still comes is thrown
 * away, at most so much and for so long; then the connection is cut.
 */
export const boundUnread: RequestHandler = (req, res, next) => {
  // Before "finish": there Node itself would begin to read on, without a bound.
  res.once('prefinish', () => {
    if (!req.complete) throwAway(req);
  });
  next();
};

function throwAway(req: Request): void {
  const { socket } = req;
  let left = MOST_BYTES;
  const timer = setTimeout(() => socket.destroy(), LONGEST).unref();
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.pause();
  });
  for (const over of ['end', 'close'] as const) req.once(over, () => clearTimeout(timer));
  // Node takes a body of which nothing was asked for nobody's.
  req.read(0);
  req.resume();
}
