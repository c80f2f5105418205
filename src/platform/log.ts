import { destination, pino } from 'pino';

/**
 * The program's log: JSON lines on standard error, because standard output belongs to the operator's command (one JSON
 * object and nothing else). Written at once: the last line before a crash is the one that is needed.
 */
export const log = pino(
  {
    level: process.env.NODE_ENV === 'test' ? 'silent' : 'info',
    redact: {
      paths: ['req.headers.cookie', 'req.headers.authorization', 'res.headers["set-cookie"]', '*.password'],
      censor: '…',
    },
  },
  destination({ fd: 2, sync: true }),
);
