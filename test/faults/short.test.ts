import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Child } from '../../src/platform/children.ts';
import { startProgram } from '../bench/processes.ts';
import { faultsFor } from './list.ts';
import type { Row } from './report.ts';
import { translate } from './translate.ts';

// The short form of those faults by which something could be lost or doubled, by programs of their own: they kill what they have started.
// The others have a short form too (`npm run faults -- --short`), which would take minutes. Most of their time they wait, for a lease to
// lapse, for a process to come back: so three go side by side, each on a stage of its own.
const FAULTS = faultsFor(['F1', 'baselines', 'F2', 'F8', 'F9', 'F10', 'F14', 'F15', 'F20']);
const LANES = 3;

const folder = mkdtempSync(join(tmpdir(), `clientele-test-${process.pid}-`));
const programs = translate();
const children: Child[] = [];
const rows: Row[] = [];

beforeAll(async () => {
  const lanes = Array.from({ length: LANES }, (_, lane) => FAULTS.filter((_, at) => at % LANES === lane));
  const ran = lanes.map((faults, lane) =>
    run(
      `lane-${lane}`,
      faults.map(({ id }) => id),
    ),
  );
  rows.push(...(await Promise.all(ran)).flat());
}, 600_000);
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop()));
  for (const each of [folder, programs]) rmSync(each, { recursive: true, force: true });
});

async function run(name: string, ids: readonly string[]): Promise<Row[]> {
  const json = join(folder, `${name}.json`);
  const args = ['--short', '--only', ids.join(','), '--json', json];
  const child = await startProgram(name, folder, join(programs, 'test', 'faults', 'faults.js'), args, {});
  children.push(child);
  await child.ended;
  if (!existsSync(json)) throw new Error(readFileSync(join(folder, `${name}.log`), 'utf8').slice(-3000));
  return JSON.parse(readFileSync(json, 'utf8'));
}

const NOTHING = { lost: 0, doubled: 0, stuck: 0, verdict: 'ok' };

test('each of these faults is told of, and no other', () => {
  const told = new Set(rows.filter(({ verdict }) => verdict !== 'compared').map(({ hypothesis }) => hypothesis));
  const wanted = new Set(FAULTS.filter(({ id }) => id !== 'baselines').map(({ hypothesis }) => hypothesis));
  expect(told).toEqual(wanted);
});

test.each(FAULTS.filter(({ id }) => id !== 'baselines'))('P-02 $id: $hypothesis', ({ hypothesis }) => {
  const found = rows.filter((row) => row.hypothesis === hypothesis);
  expect(found).not.toEqual([]);
  // What is missed stands in the note.
  expect(found.filter(({ verdict }) => verdict === 'MISSED').map(({ note }) => note)).toEqual([]);
  for (const row of found) expect(row).toMatchObject(row.verdict === 'compared' ? {} : NOTHING);
});

test('senders that are written otherwise lose people, or write twice, through the same', () => {
  const compared = rows.filter(({ verdict }) => verdict === 'compared');
  expect(compared.reduce((sum, { lost, doubled }) => sum + lost + doubled, 0)).toBeGreaterThan(0);
});
