import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readConfig } from '../../src/platform/config.ts';
import { readSecrets } from '../../src/platform/secrets.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

test('secrets are made once, kept for their owner alone, and differ from each other', () => {
  const config = readConfig({ DATA_DIR: join(dataDir, 'new') });
  const made = readSecrets(config);
  expect(made.sessionSecret).not.toBe(made.phoneKey);
  expect(made.phoneKey.length).toBeGreaterThanOrEqual(32);
  expect(readSecrets(config)).toEqual(made);
  expect(readdirSync(config.dataDir)).toEqual(['secrets.json']);
  expect(statSync(join(config.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('secrets given from outside win, and nothing is written', () => {
  const given = { SESSION_SECRET: 'a-secret-of-32-characters-or-so', PHONE_KEY: 'another-secret-of-its-own-length' };
  expect(readSecrets(readConfig({ ...given, DATA_DIR: dataDir }))).toEqual({
    sessionSecret: given.SESSION_SECRET,
    phoneKey: given.PHONE_KEY,
  });
  expect(readdirSync(dataDir)).toEqual([]);
});
