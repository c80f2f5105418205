import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Closers, openServices } from '../../../../src/open-services.ts';
import { readConfig } from '../../../../src/platform/config.ts';
import { bars } from '../../bars.ts';
import { query } from '../../build/cluster.ts';
import { type Row, ratioRow } from '../../report.ts';
import type { Stage } from '../../stage.ts';
import { erasing } from './erasing.ts';
import type { JobFigures, JobStage } from './job-stage.ts';
import { letters } from './letters.ts';
import { near } from './near.ts';
import { numbers } from './numbers.ts';

/** The jobs that have no measure of their own, each beside the statements or the library that it cannot do without. */
const JOBS: Readonly<Record<string, (stage: JobStage) => Promise<JobFigures>>> = {
  'job: near duplicates of a company (bare: the same pairs by one statement a kind)': near,
  'job: deleted customers are erased (bare: one transaction of deletes and updates)': erasing,
  'job: numbers are looked at (bare: the library and one update)': numbers,
  'job: letters are sent (bare: the mail library alone)': letters,
};

export async function jobs(stage: Stage): Promise<Row[]> {
  const closers: Closers = [];
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-bench-jobs-'));
  try {
    const services = await openServices(readConfig({ DATA_DIR: dataDir, DEMO: '0' }), stage.cluster.url, closers);
    const company = await services.tenancy.companyOfOperator('bench');
    if (!company) throw new Error('there is no company bench');
    const ask: JobStage['ask'] = (text, values = []) => query(stage.cluster.superuserUrl, text, values);
    const rows: Row[] = [];
    for (const [name, measure] of Object.entries(JOBS)) {
      const { ours, bare, note } = await measure({ ...stage, services, company, ask });
      rows.push({ ...ratioRow(name, 'ms', ours, bare, bars.job), note });
    }
    return rows;
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
