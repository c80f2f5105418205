import { routes } from '../../src/routes.ts';

/** Addresses that might show what is no page: made of our own routes, of what projects leave behind, and of ways out of a folder. */
export function hiddenPaths(): string[] {
  const prefixes = [...new Set(routes.flatMap(({ path }) => upTo(path)))];
  const backups = prefixes.flatMap((path) => ENDINGS.map((ending) => `${path}${ending}`));
  const ways = OUT.flatMap((way) => TARGETS.map((target) => `${way}${target}`));
  const inside = OUT.flatMap((way) => TARGETS.map((target) => `assets/${way}${target}`));
  const sources = ['tabler.css', 'htmx.js', 'app.css', 'app.js'].flatMap((name) => [
    `assets/${name}.map`,
    `assets/x/${name}.map`,
  ]);
  return [...new Set([...prefixes, ...backups, ...LEFT, ...sources, ...ways, ...inside, ...methods()])].filter(
    (path) => path !== '',
  );
}

/** `a/b/:id/c` → `a`, `a/b`, `a/b/1`, `a/b/1/c` */
function upTo(path: string): string[] {
  const parts = path.slice(1).replace(/:\w+/g, '1').split('/');
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'));
}

const ENDINGS = [
  '/',
  '.json',
  '.bak',
  '~',
  '.old',
  '.php',
  '%00',
  '%20',
  '%2e',
  '..;/',
  ';a=b',
  '.html',
  '/..%2f',
  '?debug=1',
  '%c0%ae',
];

const LEFT = [
  ...[
    '.env',
    '.env.production',
    '.git/config',
    '.git/HEAD',
    '.gitignore',
    '.npmrc',
    '.dockerignore',
    '.data/secrets.json',
    '.well-known/',
  ],
  ...[
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'Dockerfile',
    'compose.yaml',
    'README.md',
    'node_modules/express/package.json',
  ],
  ...[
    'src/server.ts',
    'src/app.ts',
    'dist/src/server.js',
    'prisma/schema.prisma',
    'views/auth/login.hbs',
    'locales/en.json',
    'test/make.ts',
  ],
  ...[
    'server-status',
    'phpinfo.php',
    'wp-login.php',
    'wp-admin/',
    'cgi-bin/',
    'actuator',
    'actuator/env',
    'console',
    'graphql',
    'swagger.json',
  ],
  ...[
    'debug',
    'debug/pprof/',
    'trace',
    'status',
    'dump',
    'heapdump',
    'backup',
    'backup.zip',
    'backup.sql',
    'dump.sql',
    'database.sqlite',
  ],
  ...[
    'admin',
    'admin/',
    'administrator',
    'root',
    'test',
    'tmp',
    'uploads',
    'files',
    'data',
    'logs',
    'log',
    'error.log',
    'config',
    'config.json',
  ],
  ...[
    'robots.txt',
    'sitemap.xml',
    'crossdomain.xml',
    'clientaccesspolicy.xml',
    'security.txt',
    '.DS_Store',
    '.svn/entries',
    '.hg/',
    'id_rsa',
  ],
  ...[
    'api',
    'api/',
    'api/v1',
    'api/v2',
    'api/v1/companies',
    'api/v1/companies/',
    'api/internal',
    'api/admin',
    'api/v1/openapi.json.bak',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'outbox',
    'outbox/1',
    'queue',
    'bull',
    'metrics',
    'healthz/',
    'readyz/',
  ],
  ...[
    '%',
    '%zz',
    '%u002e',
    '%ff%fe',
    '%F0%9F%92%A9',
    '?',
    '??',
    '//',
    '///evil.example/',
    '/%2f/evil.example',
    '%0d%0aX-Odd:1',
    '\\',
    '*',
    ':',
  ],
];

const OUT = [
  '../',
  '../../../../../../',
  '..%2f..%2f..%2f..%2f',
  '%2e%2e/%2e%2e/%2e%2e/',
  '%252e%252e%252f',
  '..%5c..%5c',
  '....//....//',
  '..%c0%af..%c0%af',
  '/',
  '%2f',
  'file:///',
];
const TARGETS = ['etc/passwd', 'package.json', '.env', 'src/server.ts', '.data/secrets.json', 'proc/self/environ'];

/** The same address asked by another verb hides nothing either: some servers read it from the query. */
const methods = () =>
  ['customers', 'admin/users', 'settings/users'].flatMap((path) =>
    ['_method', 'X-HTTP-Method-Override'].map((name) => `${path}?${name}=DELETE`),
  );
