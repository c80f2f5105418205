// The portal attacked from outside, on this machine alone. Arguments go to test/attack: npm run attack -- --short

import { installPrograms } from './install-programs.mjs';
import { prepareSources } from './prepare.mjs';
import { ATTACKERS, PROGRAMS } from './programs.mjs';
import { runCommand } from './run-command.mjs';

await prepareSources();
await installPrograms([PROGRAMS.redis, ...Object.values(ATTACKERS)], 'The attack needs');
const command = ['--import', 'tsx', 'test/attack/attack.ts', ...process.argv.slice(2)];
process.exitCode = await runCommand(process.execPath, command, { output: 'inherit' });
