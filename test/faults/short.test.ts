import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Child } from '../../src/platform/children.ts';
import { rootPath } from '../../src/platform/root.ts';
import { startProgram } from '../bench/processes.ts';
import type { Row } from './report.ts';

// The short form of `npm run faults`, as a program of its own: it kills what it has started.
const FAULTS = ['F1', 'F3', 'F8', 'F9', 'F10', 'F16'];

const folder = mkdtempSync(join(tmpdir(), `clientele-test-${process.pid}-`));
const json = join(folder, 'rows.json');
let child: Child;
let rows: Row[] = [];

beforeAll(async () => {
  const args = ['--short', '--only', FAULTS.join(','), '--json', json];
  child = await startProgram('faults', folder, rootPath('test', 'faults', 'faults.ts'), args, {});
  await child.ended;
  if (!existsSync(json)) throw new Error(readFileSync(join(folder, 'faults.log'), 'utf8').slice(-3000));
  rows = JSON.parse(readFileSync(json, 'utf8'));
}, 300_000);
afterAll(async () => {
  await child.stop();
  rmSync(folder, { recursive: true, force: true });
});

const NOTHING = { lost: 0, doubled: 0, stuck: 0, verdict: 'ok' };

test.each([
  ['F1', 'P-02 workers that are killed, and a provider that does not say what it did: nobody gets two, nobody is lost'],
  ['F3', 'P-02 a worker that wakes after its lease writes over nothing'],
  ['F8', 'P-02 callbacks in any order, as often as they come: the last word is the provider’s'],
  ['F9', 'what was forged, or comes again, changes nothing'],
  ['F10', 'P-02 after STOP was acknowledged nothing leaves to that number'],
  ['F16', 'P-02 the night in which clocks change: nothing in quiet hours, each schedule once'],
])('%s %s', (id) => {
  const found = rows.filter((row) => row.id.split(' ')[0] === id);
  expect(found).not.toEqual([]);
  for (const row of found) expect(row).toMatchObject(NOTHING);
});
