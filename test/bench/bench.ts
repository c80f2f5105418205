import { rootPath } from '../../src/platform/root.ts';
import { build, describeDatabase } from './build/build.ts';
import { startDatabase } from './build/cluster.ts';
import { growth } from './growth.ts';
import { measures } from './measures/measures.ts';
import { type Options, readOptions } from './options.ts';
import { startOurs } from './ours.ts';
import { type Measured, type Row, table, writeResults } from './report.ts';
import { drawSample, type Stage, startBare } from './stage.ts';

/**
 * `npm run bench`: builds customers, starts the portal and the bare pages beside it, measures one against the other, prints a
 * table and writes bench/results.json. A missed bar is told, not thrown. Everything it starts ends with it.
 */
async function bench(options: Options): Promise<void> {
  const wanted = measuresFor(options.only);
  const measured: Measured[] = [];
  for (const customers of options.sizes) {
    if (options.sizes.length > 1) say(`\n${customers.toLocaleString('en')} customers`);
    measured.push(await benchOne({ ...options, customers }, wanted));
    writeResults(RESULTS, measured);
  }
  if (measured.length > 1) say(`\n${growth(measured)}`);
}

async function benchOne(options: Options, wanted: ReturnType<typeof measuresFor>): Promise<Measured> {
  const cluster = await startDatabase(options.keep);
  try {
    const main = await build(cluster, options, say);
    const bare = await startBare(cluster, main);
    const ours = await startOurs(cluster);
    try {
      const stage = { options, cluster, main, ours, bare: bare.site, sample: await drawSample(cluster, main) };
      const rows = await run(wanted, stage);
      say(`\n${table(rows)}`);
      const { customers, others, companies } = options;
      return { ...(await describeDatabase(cluster)), customers, others, companies, rows };
    } finally {
      await Promise.all([ours.stop(), bare.child.stop()]);
    }
  } finally {
    await cluster.stop();
  }
}

const RESULTS = rootPath('bench', 'results.json');

function measuresFor(only: readonly string[]): [string, (typeof measures)[string]][] {
  const unknown = only.find((name) => !(name in measures));
  if (unknown) throw new Error(`--only ${unknown}: known are ${Object.keys(measures).join(', ')}`);
  return Object.entries(measures).filter(([name]) => only.length === 0 || only.includes(name));
}

async function run(wanted: ReturnType<typeof measuresFor>, stage: Stage): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, measure] of wanted) {
    say(`measuring ${name} …`);
    const found = await measure(stage);
    // A run of an hour that breaks off has said what it knew.
    say(table(found));
    rows.push(...found);
  }
  return rows;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
