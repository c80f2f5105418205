import './quiet.ts';

import { writeFileSync } from 'node:fs';
import { invariants } from './invariants/invariants.ts';
import { faultsFor } from './list.ts';
import { type Options, readOptions } from './options.ts';
import { judged, type Row, table } from './report.ts';
import { openStage } from './stage.ts';

/**
 * `npm run faults`: breaks what can break while SMS are sent, compares what the ledger says with the journal of a stand-in for Twilio, and
 * prints one row for each fault. Ends with 1 when a bar is missed. Everything it starts ends with it.
 */
async function main(options: Options): Promise<boolean> {
  const faults = faultsFor(options.only);
  const stage = await openStage(options);
  const rows: Row[] = [];
  try {
    for (const { id, hypothesis, run } of faults) {
      say(`${id}: ${hypothesis} …`);
      const started = performance.now();
      const outcomes = await run(stage);
      // Whatever was done to it: a breach misses the bar of this fault's last row.
      outcomes.at(-1)?.misses.push(...(await invariants(stage)));
      rows.push(...outcomes.map((outcome) => judged(id, hypothesis, outcome)));
      say(`  ${((performance.now() - started) / 1000).toFixed(0)} s`);
    }
  } catch (error) {
    process.stderr.write(`${stage.lastWords()}\n`);
    throw error;
  } finally {
    if (rows.length > 0) say(`\n${table(rows)}`);
    await stage.close();
  }
  if (options.json !== null) writeFileSync(options.json, JSON.stringify(rows, null, 2));
  return rows.every(({ verdict }) => verdict !== 'MISSED');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = (await main(readOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
