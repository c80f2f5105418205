import type { Request } from 'express';

/** Whether the request was made on this machine itself. One that a proxy handed on was not, wherever the proxy runs. */
export function isLoopback(req: Request): boolean {
  const address = req.socket.remoteAddress ?? '';
  const handedOn = req.headers['x-forwarded-for'] ?? req.headers.forwarded;
  return handedOn === undefined && (/^(?:::ffff:)?127\./.test(address) || address === '::1');
}
