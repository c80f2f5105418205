import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { rootPath } from '../../src/platform/root.ts';
import { projectFiles } from './context.ts';
import { breaches } from './layers.ts';

describe('the architecture', () => {
  test('every file imports only what lies below it, and no circle, no bare client, no stray SQL, no giant', () => {
    expect(breaches(sourcesOfTheProject())).toEqual([]);
  });

  test.each([
    ['a higher floor', 'src/kernel/a.ts', "import { log } from '../platform/log.ts';", 'not on a lower floor'],
    ['a neighbour on the same floor', 'src/audit/a.ts', "import '../rates/rates.ts';", 'not on a lower floor'],
    ['an inner file of another domain', 'src/orders/a.ts', "import '../customers/sql.ts';", 'an inner file'],
    ['what lies behind a handler', 'src/routes.ts', "import './customers/sql.ts';", 'an inner file'],
    ['a type of a higher floor', 'src/auth/a.ts', "import type { X } from '../customers/customers.ts';", 'lower floor'],
    ['a higher floor, on demand', 'src/auth/a.ts', "await import('../api/api.ts');", 'not on a lower floor'],
    ['a higher floor, passed on', 'src/auth/a.ts', "export * from '../api/api.ts';", 'not on a lower floor'],
    [
      'a type of a higher floor, in place',
      'src/auth/a.ts',
      "let x: import('../api/api.ts').X;",
      'not on a lower floor',
    ],
    ['the program that starts everything', 'src/app.ts', "import './server.ts';", 'stands above it'],
    ['the database driver', 'src/orders/sql.ts', "import pg from 'pg';", 'imports pg'],
    ['the generated client', 'src/web/a.ts', "import '../generated/prisma/client.ts';", 'generated client'],
    ['an unsafe query', 'src/tenancy/a.ts', 'db.$queryRawUnsafe(text);', '$queryRawUnsafe'],
    ['the bare client', 'src/orders/a.ts', 'database.prisma.order.findMany();', 'uses prisma'],
    ['the bare client, taken apart', 'src/orders/a.ts', 'const { prisma } = database;', 'uses prisma'],
    ['SQL outside sql.ts', 'src/orders/pages.ts', 'db.query(sql`select 1`);', 'belongs into a file sql.ts'],
    ['a folder nobody placed', 'src/helpers/a.ts', '', 'on no floor'],
    ['a giant', 'src/orders/a.ts', 'f();\n'.repeat(351), '351 lines'],
  ])('finds %s', (_what, path, source, complaint) => {
    expect(breaches(new Map([[path, source]]))).toEqual([expect.stringContaining(complaint)]);
  });

  test('finds a circle, once', () => {
    const circle = new Map([
      ['src/orders/a.ts', "import './b.ts';"],
      ['src/orders/b.ts', "import type { C } from './c.ts';"],
      ['src/orders/c.ts', "import './a.ts';"],
    ]);
    expect(breaches(circle)).toEqual([expect.stringContaining('a circle: src/orders/a.ts → src/orders/b.ts')]);
  });

  test('lets pass what is allowed', () => {
    const fine = new Map([
      [
        'src/orders/orders.ts',
        "import '../customers/customers.ts'; import { all } from './sql.ts'; import '../kernel/id.ts';",
      ],
      ['src/orders/sql.ts', "import { sql } from '../platform/db.ts'; export const all = () => sql`select 1`;"],
      ['src/tenancy/a.ts', "import pg from 'pg'; db.prisma.$transaction(() => {});"],
      ['src/server.ts', "import './app.ts';"],
      ['src/routes.ts', "import { show } from './customers/pages.ts'; import { login } from './auth/login-pages.ts';"],
    ]);
    expect(breaches(fine)).toEqual([]);
  });
});

function sourcesOfTheProject(): Map<string, string> {
  const paths = projectFiles().filter((path) => /^(src|jobs|scripts|prisma)\/.*\.ts$/.test(path));
  return new Map(paths.map((path) => [path, readFileSync(rootPath(path), 'utf8')]));
}
