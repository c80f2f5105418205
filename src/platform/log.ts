import { destination, pino, stdTimeFunctions } from 'pino';
import { masked } from './mask.ts';

const options = {
  level: process.env.NODE_ENV === 'test' ? 'silent' : 'info',
  // UTC, readable by people and programs alike
  timestamp: stdTimeFunctions.isoTime,
  redact: {
    paths: ['req.headers.cookie', 'req.headers.authorization', 'res.headers["set-cookie"]', '*.password'],
    censor: '…',
  },
  // Whatever an error quotes: phones, e-mails, rows.
  hooks: { streamWrite: masked },
};

/**
 * The program's log: JSON lines on standard error, because standard output belongs to the operator's command (one JSON
 * object and nothing else). Written at once: the last line before a crash is the one that is needed.
 */
export const log = pino(options, destination({ fd: 2, sync: true }));

/** One line for every request: these do not hold the next one up. The last few may be lost in a crash. */
export const requestLines = pino(options, destination({ fd: 2, sync: false }));
