import './node-version.mjs';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './alone.mjs';
import { fail, root, runCommand } from './run-command.mjs';

/** Makes the program ready to run: dependencies, typed client, build; each only when something it depends on has changed. */
export async function prepare() {
  // In the image there are no sources: everything was made when it was built.
  if (!existsSync(at('src'))) return;
  await alone(async () => {
    await installDependencies();
    await generateClient();
    await build();
  });
}

/** Dependencies and typed client only: what the tests need, which run from the sources. */
export async function prepareSources() {
  await alone(async () => {
    await installDependencies();
    await generateClient();
  });
}

async function installDependencies() {
  if (isInstalled()) return;
  say('Installing dependencies');
  await must('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
}

/** What npm noted down when it last installed against what the lock file wants. */
function isInstalled() {
  if (!existsSync(at('node_modules/.package-lock.json'))) return false;
  const wanted = Object.entries(readJson('package-lock.json').packages).filter(([path]) => path !== '');
  const installed = readJson('node_modules/.package-lock.json').packages;
  return wanted.every(([path, { version, optional, devOptional }]) =>
    installed[path] ? installed[path].version === version : Boolean(optional || devOptional),
  );
}

async function generateClient() {
  const stamp = hash([readFileSync(at('prisma/schema.prisma')), readFileSync(at('node_modules/prisma/package.json'))]);
  if (existsSync(at('src/generated/prisma/client.ts')) && readStamp('src/generated/.stamp') === stamp) return;
  say('Generating the database client');
  // Prisma asks for a schema engine before it looks whether it needs one: any file will do, and nothing is downloaded.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: at('package.json'),
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  };
  await must(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], env);
  writeFileSync(at('src/generated/.stamp'), stamp);
}

async function build() {
  const stamp = hash(BUILT_FROM.flatMap(describe));
  if (readStamp('dist/.stamp') === stamp) return;
  say('Building');
  // Built beside and swapped, so that no half of a build is ever run, and nothing of a deleted file stays.
  rmSync(at('dist.new'), { recursive: true, force: true });
  await must(process.execPath, [
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
    '--outDir',
    'dist.new',
  ]);
  writeFileSync(at('dist.new/.stamp'), stamp);
  rmSync(at('dist'), { recursive: true, force: true });
  renameSync(at('dist.new'), at('dist'));
}

const BUILT_FROM = [
  'src',
  'jobs',
  'scripts',
  'prisma',
  'tsconfig.json',
  'tsconfig.build.json',
  'node_modules/typescript',
];

/** Name, size and time of every file below a path. */
function describe(path) {
  if (!existsSync(at(path))) return [];
  const found = statSync(at(path));
  if (!found.isDirectory()) return [`${path} ${found.size} ${found.mtimeMs}`];
  if (path.startsWith('node_modules')) return [String(readJson(`${path}/package.json`).version)];
  return readdirSync(at(path))
    .sort()
    .flatMap((name) => describe(join(path, name)));
}

async function must(command, args, env) {
  const code = await runCommand(command, args, { env }).catch((error) =>
    fail(`${command} does not start: ${error.message}`),
  );
  if (code !== 0) fail(`"${[command, ...args].join(' ')}" failed (${code}).`);
}

function say(line) {
  process.stderr.write(`${line} …\n`);
}

function readStamp(path) {
  return existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null;
}

function readJson(path) {
  return JSON.parse(readFileSync(at(path), 'utf8'));
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\n');
  return sum.digest('hex');
}

function at(path) {
  return join(root, path);
}
