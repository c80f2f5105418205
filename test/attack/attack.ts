import '../faults/quiet.ts';

import { writeFileSync } from 'node:fs';
import { explained } from './explained.ts';
import { forgetLimits } from './ledger.ts';
import { type Options, readOptions } from './options.ts';
import { revive, type Who } from './people.ts';
import { open, type Row, report } from './report.ts';
import { openStage, type Stage } from './stage.ts';
import { type Tool, toolsFor } from './tools.ts';
import { watch } from './watch.ts';
import { openWeak } from './weak.ts';

/**
 * `npm run attack`: attacks a portal of its own on this machine with programs that others wrote for it, and with checks of our own; nobody
 * signed in, and as everybody who can be. Prints one row for each, then every finding. Ends with 1 while any is open.
 */
async function main(options: Options): Promise<boolean> {
  const tools = toolsFor(options.only);
  const stage = await openStage(options);
  const rows: Row[] = [];
  try {
    for (const tool of tools) {
      if (tool.onWeak) rows.push(await control(stage, tool.name, tool.onWeak));
      for (const who of peopleOf(tool, options)) {
        say(`${tool.name} as ${who} …`);
        rows.push(await attack(stage, tool, who));
      }
    }
  } finally {
    if (rows.length > 0) say(`\n${report(rows)}`);
    if (options.json !== null) writeFileSync(options.json, JSON.stringify(rows, null, 2));
    await stage.close();
  }
  return rows.every((row) => open(row).length === 0);
}

const FEW: readonly Who[] = ['nobody', 'owner', 'key'];

function peopleOf({ as, onWeak }: Tool, { as: wanted, short }: Options): readonly Who[] {
  if (wanted.length > 0) return as.filter((who) => wanted.includes(who));
  return short && onWeak ? as.filter((who) => FEW.includes(who)) : as;
}

/** A tool that finds nothing in a page with holes is blind, and what it does not find in the portal says nothing. */
async function control(stage: Stage, tool: string, onWeak: NonNullable<Tool['onWeak']>): Promise<Row> {
  say(`${tool} on a page with holes …`);
  const weak = await openWeak(stage.portal);
  const started = performance.now();
  try {
    const found = await onWeak(stage, weak.port).catch(() => []);
    const findings = found.length > 0 ? [] : [{ what: 'finds nothing in a page with holes', where: 'the tool' }];
    const seconds = (performance.now() - started) / 1000;
    return {
      tool,
      as: '(control)',
      requests: 0,
      seconds,
      findings,
      note: `found ${found.length} holes that are there`,
    };
  } finally {
    await weak.close();
  }
}

async function attack(stage: Stage, tool: Tool, who: Who): Promise<Row> {
  await forgetLimits(stage.portal);
  await revive(stage.attackers, who);
  const seen = watch(stage);
  const started = performance.now();
  const { findings, note, requests: counted } = await tool.run(stage, stage.attackers[who]).catch(brokeOff);
  const seconds = (performance.now() - started) / 1000;
  const { requests, refused, findings: failures } = seen();
  const limited = refused > 0 ? [`${refused} answered "too often"`] : [];
  return {
    ...{ tool: tool.name, as: who, requests: counted ?? requests, seconds },
    findings: [...findings, ...failures].map((finding) => explained(tool.name, finding)),
    note: [note, ...limited].filter((part) => part !== '').join('; '),
  };
}

/** One tool that breaks off must not hide what the others find. */
const brokeOff = (error: unknown): Awaited<ReturnType<Tool['run']>> => ({
  findings: [{ what: 'broke off', where: error instanceof Error ? (error.stack ?? error.message) : String(error) }],
  note: '',
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = (await main(readOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
