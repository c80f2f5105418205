import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { rootPath } from '../../../src/platform/root.ts';
import { bars } from '../bars.ts';
import { query } from '../build/cluster.ts';
import { regions } from '../build/names.ts';
import { call } from '../load.ts';
import { watchMemory } from '../processes.ts';
import { limitRow, type Row, rateRow } from '../report.ts';
import type { Stage } from '../stage.ts';

type Format = 'csv' | 'xlsx';

/** Five regions of 25: about 200,000 of a million. */
const CHOSEN = regions.filter((_, place) => place % 5 === 0);
const ROUNDS = 2;

interface Run {
  rows: number;
  milliseconds: number;
  /** how far the memory of the process rose, megabytes */
  growth: number;
}

/** An export from the button to the finished file, beside the same select by COPY, or by exceljs's own streaming writer. */
export async function exporting(stage: Stage): Promise<Row[]> {
  const rows: Row[] = [];
  for (const format of ['csv', 'xlsx'] as const) {
    const runs: { ours: Run[]; bare: Run[] } = { ours: [], bare: [] };
    for (let round = 0; round < ROUNDS; round++) {
      runs.ours.push(await ours(stage, format));
      runs.bare.push(await bare(stage, format));
    }
    const [mine, theirs] = [fastest(runs.ours), fastest(runs.bare)];
    if (mine.rows !== theirs.rows) throw new Error(`our ${format} has ${mine.rows} rows, the bare one ${theirs.rows}`);
    const note = `${mine.rows} rows`;
    rows.push({ ...rateRow(`export, ${format}`, perSecond(mine), perSecond(theirs), bars[format]), note });
    rows.push(
      limitRow(`export, ${format}: growth of the process`, 'MB', grown(runs.ours), bars.growth, grown(runs.bare)),
    );
  }
  return rows;
}

const perSecond = ({ rows, milliseconds }: Run) => (rows / milliseconds) * 1000;
const grown = (runs: Run[]) => Math.round(Math.max(...runs.map((run) => run.growth)));

function fastest(runs: Run[]): Run {
  const [best] = [...runs].sort((a, b) => a.milliseconds - b.milliseconds);
  if (!best) throw new Error('no export ran');
  return best;
}

/** Orders the file as a person would, and waits until it lies there. */
async function ours({ ours, cluster, main }: Stage, format: Format): Promise<Run> {
  const form = await call(ours.pages, '/exports');
  const token = /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  const filter = `where=${encodeURIComponent(`region:is:${CHOSEN.join('|')}`)}`;
  const body = new URLSearchParams({ _csrf: token, _company: main, format, filter }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const start = performance.now();
  const {
    result,
    start: before,
    max,
  } = await watchMemory(ours.worker.pid, async () => {
    const { status } = await call(ours.pages, '/exports', { method: 'POST', body, headers });
    if (status !== 303) throw new Error(`ordering an export answered ${status}`);
    return finished(cluster.superuserUrl, main);
  });
  return { rows: result, milliseconds: performance.now() - start, growth: max - before };
}

/** Waits for the newest export of the company, at most ten minutes; answers its number of rows. */
async function finished(superuserUrl: string, main: string): Promise<number> {
  for (let tries = 0; tries < 12_000; tries++) {
    const [row] = await query<{ state: string; rows: string; error: string }>(superuserUrl, NEWEST, [main]);
    if (row?.state === 'done') return Number(row.rows);
    if (row && row.state !== 'queued' && row.state !== 'running')
      throw new Error(`the export is ${row.state}: ${row.error}`);
    await pause(50);
  }
  throw new Error('the export does not finish');
}

const NEWEST = `select state, rows_done as rows, error from export where company_id = $1 order by created_at desc, id desc limit 1`;

async function bare({ cluster, main }: Stage, format: Format): Promise<Run> {
  const program = rootPath('test', 'bench', 'bare', 'export.ts');
  const file = join(cluster.dataDir, `bare.${format}`);
  const args = ['--import', import.meta.resolve('tsx'), program, format, file, ...CHOSEN];
  const env = { ...process.env, DATABASE_URL: cluster.url, COMPANY: main, ZONE: 'Europe/Kyiv' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 600_000 });
  if (statSync(file).size === 0) throw new Error('the bare export wrote nothing');
  return JSON.parse(stdout);
}
