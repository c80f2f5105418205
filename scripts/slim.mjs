// For the image: takes out of the installed packages what no program of ours loads. A mistake here is found by the test that runs the image.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { root } from './run-command.mjs';

const HOME = join(root, 'node_modules');

/** Types, maps, and sources of what is compiled. */
const ENDINGS = ['.d.ts', '.d.mts', '.d.cts', '.map', '.scss', '.flow'];

/** Builds for browsers, sources, and what speaks to databases that are not ours. */
const PLACES = [
  /^@prisma\/client\/runtime\/query_compiler_\w+\.(?!postgresql)/,
  /^@prisma\/client\/runtime\/(?:query_compiler_small|wasm-compiler-edge|index-browser)/,
  /^@tabler\/core\/(?!package\.json|LICENSE|dist\/css\/tabler\.min\.css$)/,
  /^exceljs\/dist\//,
  /^libphonenumber-js\/bundle\//,
  /^(?:zod|bintrees)\/(?:src|test)\//,
  /^luxon\/build\/(?:amd|global|cjs-browser)\//,
  /^handlebars\/dist\/(?!cjs)/,
  /^dayjs\/(?:esm|locale)\//,
];

let taken = 0;
for (const path of files(HOME)) {
  const name = path
    .slice(HOME.length + 1)
    .split(sep)
    .join('/');
  if (!ENDINGS.some((ending) => name.endsWith(ending)) && !PLACES.some((place) => place.test(name))) continue;
  taken += statSync(path).size;
  rmSync(path);
}
process.stdout.write(`${(taken / 1e6).toFixed(0)} MB that nothing loads were taken out of node_modules\n`);

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}
