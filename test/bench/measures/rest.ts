import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from '../../../src/platform/children.ts';
import { freePort } from '../../../src/platform/postgres.ts';
import { rootPath } from '../../../src/platform/root.ts';
import { copyContext } from '../../project/context.ts';
import { buildImage } from '../../project/dockerfile.ts';
import { bars } from '../bars.ts';
import { call, site } from '../load.ts';
import { residentMegabytes, startProgram } from '../processes.ts';
import { limitRow, type Row } from '../report.ts';
import type { Stage } from '../stage.ts';

const ROUNDS = 5;

/** What one process costs before anybody comes, and what is brought to a machine to run it. */
export async function rest(stage: Stage): Promise<Row[]> {
  const starts: Start[] = [];
  for (let round = 0; round < ROUNDS; round++) starts.push(await start(stage, ['web'], '/readyz'));
  const worker = await start(stage, ['worker'], '/readyz');
  const both = await start(stage, [], '/readyz');
  const note = `median of ${ROUNDS}, database migrated`;
  return [
    {
      ...limitRow('cold start, web: until /readyz says 200', 'ms', median(starts, 'ready'), bars.coldStart, null),
      note,
    },
    limitRow('cold start, web: until the first page is there', 'ms', median(starts, 'page'), bars.coldStart, null),
    limitRow('memory at rest, web', 'MB', median(starts, 'resident'), bars.atRest, null),
    limitRow('memory at rest, worker', 'MB', worker.resident, bars.atRest, null),
    limitRow('memory at rest, both in one process', 'MB', both.resident, bars.atRest, null),
    ...(await image()),
  ];
}

interface Start {
  /** milliseconds since the program was started */
  ready: number;
  page: number;
  /** megabytes, some seconds later */
  resident: number;
}

const AT_REST = 5000;

async function start({ cluster }: Stage, args: string[], path: string): Promise<Start> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const env = {
    NODE_ENV: 'production',
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    DATA_DIR: cluster.dataDir,
    DATABASE_URL: cluster.url,
    SESSION_SECRET: 'the secret of the benchmark',
    PHONE_KEY: 'the key of the benchmark',
    DEMO: '0',
  };
  const began = performance.now();
  const child = await startProgram('rest', cluster.dataDir, rootPath('dist', 'src', 'server.js'), args, env);
  try {
    const ready = await until200(child, args[0] === 'worker' ? metricsPort : port, path, began);
    const page = args[0] === 'worker' ? ready : await until200(child, port, '/login', began);
    await pause(AT_REST);
    return { ready, page, resident: residentMegabytes(child.pid) ?? Number.NaN };
  } finally {
    await child.stop(30_000);
  }
}

async function until200(child: Child, port: number, path: string, began: number): Promise<number> {
  const here = site(port);
  while (child.running()) {
    const answer = await call(here, path).catch(() => null);
    if (answer?.status === 200) return performance.now() - began;
    await pause(5);
  }
  throw new Error('the program that was to be measured has ended');
}

const median = (starts: readonly Start[], of: keyof Start): number =>
  starts.map((each) => each[of]).sort((a, b) => a - b)[Math.floor(starts.length / 2)] ?? Number.NaN;

/** Megabytes of what the Dockerfile puts on top of its base, made here by its own steps. */
async function image(): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'clientele-image-'));
  try {
    copyContext(join(scratch, 'context'));
    const { root } = await buildImage(rootPath('Dockerfile'), join(scratch, 'context'), scratch);
    const packages = megabytes(join(root, 'app', 'node_modules'));
    const own = megabytes(join(root, 'app')) - packages;
    const [base] =
      readFileSync(rootPath('Dockerfile'), 'utf8')
        .match(/^FROM (\S+)$/gm)
        ?.slice(-1) ?? [];
    const row = limitRow('image, on top of its base', 'MB', packages + own, bars.image, null);
    return [{ ...row, note: `${Math.round(packages)} packages, ${Math.round(own)} ours; base ${base?.slice(5)}` }];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function megabytes(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 1e6;
}
