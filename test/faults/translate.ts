import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { rootPath } from '../../src/platform/root.ts';

/**
 * All programs in JavaScript, in a folder of their own below the project: dozens of processes are started, and each would translate what it
 * is made of anew. Answers the folder; whoever asked removes it.
 */
export function translate(): string {
  const own = rootPath('.data');
  mkdirSync(own, { recursive: true });
  const folder = mkdtempSync(join(own, 'programs-'));
  for (const part of ['src', 'jobs', 'scripts', 'test']) {
    for (const name of readdirSync(rootPath(part), { recursive: true, encoding: 'utf8' })) {
      const file = join(part, name);
      if (file.endsWith('.ts') && !/\.(?:d|test)\.ts$/.test(file)) one(folder, file);
      else if (/\.(?:mjs|hbs|json)$/.test(file)) put(join(folder, file), readFileSync(rootPath(file)));
    }
  }
  return folder;
}

function one(folder: string, file: string): void {
  const { code } = transformSync(readFileSync(rootPath(file), 'utf8'), {
    filename: file,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'es6' },
  });
  const linked = code.replace(/(from\s*|import\s*\(?\s*)(['"])(\.[^'"\n]+)\.ts\2/g, '$1$2$3.js$2');
  put(join(folder, file.replace(/\.ts$/, '.js')), linked);
}

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
