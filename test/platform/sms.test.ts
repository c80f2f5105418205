import { expect, test } from '@jest/globals';
import { failure } from '../../src/platform/sms.ts';

const failing = (fields: object) => Object.assign(new Error('it failed'), fields);

test.each<[string, object]>([
  ['the name has no address', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
  ['nobody listens there', { code: 'ECONNREFUSED', syscall: 'connect' }],
  ['no way leads there', { code: 'EHOSTUNREACH', syscall: 'connect' }],
  ['nobody lets us in', { code: 'ETIMEDOUT', syscall: 'connect' }],
  ['what wraps it says so', { code: 'ERR_NETWORK', cause: failing({ code: 'ENETUNREACH', syscall: 'connect' }) }],
  [
    'none of several addresses',
    { errors: ['ENETUNREACH', 'ETIMEDOUT'].map((code) => failing({ code, syscall: 'connect' })) },
  ],
])('P-02 certainly never taken, and tried again: %s', (_, fields) => {
  expect(failure(failing(fields))).toMatchObject({ outcome: 'later' });
});

test.each<[string, object]>([
  ['the way was lost in the middle', { code: 'EHOSTUNREACH', syscall: 'read' }],
  ['the same of the net', { code: 'ENETUNREACH', syscall: 'write' }],
  ['no answer in time', { code: 'ETIMEDOUT' }],
  ['cut', { code: 'ECONNRESET', syscall: 'read' }],
  [
    'one of several was reached',
    { errors: [failing({ code: 'ENETUNREACH', syscall: 'connect' }), failing({ code: 'ECONNRESET' })] },
  ],
])('P-02 perhaps taken, and never tried again: %s', (_, fields) => {
  expect(failure(failing(fields))).toMatchObject({ outcome: 'unknown' });
});
