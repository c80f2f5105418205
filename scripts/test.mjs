// Everything that is checked, in one go: types, lint, then the tests. Arguments go to Jest: npm test -- test/kernel

import { installPrograms } from './install-programs.mjs';
import { prepareSources } from './prepare.mjs';
import { PROGRAMS } from './programs.mjs';
import { runCommand } from './run-command.mjs';

const args = process.argv.slice(2);
await prepareSources();
const wantsBrowser = args.length === 0 || args.some((arg) => arg.includes('browser'));
await installPrograms(wantsBrowser ? [PROGRAMS.redis, PROGRAMS.chromium] : [PROGRAMS.redis]);

const checks = [
  await check('types', ['node_modules/typescript/bin/tsc', '--noEmit']),
  await check('lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']),
];
// The summary line at the end counts a failed check as a failed test.
const failedChecks = checks.filter((code) => code !== 0).length;
// Each test file loads the program anew: with room for that, much less of it is moved about by the collector of garbage.
const room = '--max-semi-space-size=64';
const modules = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
const tests = await node(['node_modules/jest/bin/jest.js', ...args], {
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${modules} ${room}`,
  FAILED_CHECKS: String(failedChecks),
});
process.exitCode = tests || (failedChecks > 0 ? 1 : 0);

async function check(name, command) {
  const code = await node(command);
  process.stdout.write(`${name}: ${code === 0 ? 'ok' : 'FAILED'}\n`);
  return code;
}

function node(command, env) {
  return runCommand(process.execPath, command, { env, output: 'inherit' });
}
