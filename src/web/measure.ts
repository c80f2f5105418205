import type { RequestHandler } from 'express';
import { Histogram } from 'prom-client';
import { measured } from '../platform/measured.ts';

const seconds = new Histogram({
  name: 'http_request_seconds',
  help: 'Requests by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [measured],
});

/** Counts by the route's pattern, never by the address: ids would make a series each. */
export function measure(): RequestHandler {
  return (req, res, next) => {
    const end = seconds.startTimer();
    res.once('finish', () => {
      end({ method: req.method, route: req.route?.path ?? 'none', status: res.statusCode });
    });
    next();
  };
}
