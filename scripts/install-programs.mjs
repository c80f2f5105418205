import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram } from './programs.mjs';
import { fail, runCommand } from './run-command.mjs';

/** Sees to it that the programs are there. Root installs what is missing; anybody else is told in one line what to install. */
export async function installPrograms(programs, whoNeeds = 'The tests need') {
  const missing = programs.filter((program) => !findProgram(program));
  if (missing.length === 0) return;
  const names = missing.map(({ names }) => names[0]).join(' and ');
  const manager = Object.keys(INSTALL).find((name) => findProgram({ names: [name] }));
  if (process.getuid?.() !== 0 || !manager)
    fail(`${whoNeeds} ${names}: install ${missing.length > 1 ? 'them' : 'it'}, then run this again.`);
  process.stderr.write(`Installing ${names} with ${manager} …\n`);
  await INSTALL[manager](missing.map(({ names, packages }) => packages[manager] ?? names[0]));
  const still = missing.filter((program) => !findProgram(program)).map(({ names }) => names[0]);
  if (still.length > 0) fail(`${manager} could not install ${still.join(' and ')}: install it, then run this again.`);
}

const INSTALL = {
  'apt-get': async (packages) => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await withoutServices(async () => {
      await runCommand('apt-get', ['update', '-q'], { env });
      await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
    });
  },
  dnf: (packages) => runCommand('dnf', ['install', '-y', '-q', ...packages]),
  apk: (packages) => runCommand('apk', ['add', '-q', ...packages]),
};

/** Debian starts a server as soon as it is installed; we want the program and no service. */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    rmSync(policy, { force: true });
  }
}
