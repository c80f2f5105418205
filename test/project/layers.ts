import { posix } from 'node:path';
import { FLOORS, TOP } from './floors.ts';
import { type Imported, read } from './read-source.ts';

/** Every breach of the architecture in these files (path → source), one line each. */
export function breaches(sources: ReadonlyMap<string, string>): string[] {
  const files = [...sources].map(([path, source]) => ({ path, source, ...read(path, source) }));
  return [
    ...files.flatMap(({ path }) => homeless(path)),
    ...files.flatMap(({ path, imports }) => imports.flatMap((imported) => wrongImport(path, imported))),
    ...files.flatMap(({ path, names }) => wrongNames(path, names)),
    ...files.flatMap(({ path, source }) => tooLong(path, source)),
    ...circles(new Map(files.map(({ path, imports }) => [path, targets(path, imports)]))),
  ];
}

function homeless(path: string): string[] {
  return floorOf(path) === -1 ? [`${path}: its folder is on no floor`] : [];
}

function wrongImport(path: string, { from }: Imported): string[] {
  if (!from.startsWith('.')) return wrongPackage(path, from);
  const target = targetOf(path, from);
  if (target.startsWith('src/generated/')) {
    return mayTouchDatabase(path) ? [] : [`${path}: imports the generated client, which only platform and tenancy may`];
  }
  const [own, other] = [folderOf(path), folderOf(target)];
  if (own === other) return TOP.includes(target) ? [`${path}: imports ${target}, which stands above it`] : [];
  if (floorOf(target) >= floorOf(path)) return [`${path}: imports ${target}, which is not on a lower floor`];
  if (FLOORS[floorOf(target)]?.open || target === `${other}/${posix.basename(other)}.ts`) return [];
  if (ROUTES.test(path) && !INNER.has(posix.basename(target))) return [];
  return [`${path}: imports ${target}, an inner file of another domain`];
}

// The route tables name the handlers of every domain, and nothing that lies behind them.
const ROUTES = /^src\/([a-z]+-)?routes\.ts$/;
const INNER = new Set(['sql.ts', 'input.ts', 'view.ts']);

function wrongPackage(path: string, name: string): string[] {
  const isDatabase = /^(pg|pg-cursor|@prisma\/.*)$/.test(name);
  return isDatabase && !mayTouchDatabase(path) ? [`${path}: imports ${name}, which only platform and tenancy may`] : [];
}

function wrongNames(path: string, { sqlTag, members }: { sqlTag: boolean; members: ReadonlySet<string> }): string[] {
  const unsafe = [...members].filter((name) => name.endsWith('RawUnsafe'));
  const bare = mayTouchDatabase(path) ? [] : [...members].filter((name) => BARE.has(name));
  const inSqlFile = posix.basename(path) === 'sql.ts' || mayTouchDatabase(path);
  return [
    ...[...unsafe, ...bare].map((name) => `${path}: uses ${name}, which goes past the company handle`),
    ...(sqlTag && !inSqlFile ? [`${path}: holds SQL, which belongs into a file sql.ts`] : []),
  ];
}

const BARE = new Set(['prisma', '$queryRaw', '$executeRaw', '$transaction', '$extends']);

function tooLong(path: string, source: string): string[] {
  const lines = source.split('\n').length - 1;
  return lines > 350 ? [`${path}: ${lines} lines, more than 350`] : [];
}

function mayTouchDatabase(path: string): boolean {
  return ['src/platform', 'src/tenancy'].includes(folderOf(path));
}

/** The folder that counts: `src/auth`, `jobs`; a file in `src/` itself: `src`. */
function folderOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'src' && parts.length > 2 ? `src/${parts[1]}` : (parts[0] ?? '');
}

function floorOf(path: string): number {
  return TOP.includes(path) ? FLOORS.length : FLOORS.findIndex(({ folders }) => folders.includes(folderOf(path)));
}

function targets(path: string, imports: readonly Imported[]): string[] {
  return imports.filter(({ from }) => from.startsWith('.')).map(({ from }) => targetOf(path, from));
}

function targetOf(path: string, from: string): string {
  return posix.join(posix.dirname(path), from);
}

/** Every file that can be reached from itself, as the shortest such walk; each circle once. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Map<string, string>();
  for (const start of graph.keys()) {
    const walk = walkBack(graph, start);
    const members = walk && [...walk].sort().join();
    if (members && !found.has(members)) found.set(members, `a circle: ${[...walk, start].join(' → ')}`);
  }
  return [...found.values()];
}

function walkBack(graph: ReadonlyMap<string, readonly string[]>, start: string): string[] | null {
  const seen = new Set<string>();
  let walks = [[start]];
  while (walks.length > 0) {
    const next: string[][] = [];
    for (const walk of walks) {
      for (const target of graph.get(walk.at(-1) ?? '') ?? []) {
        if (target === start) return walk;
        if (!seen.has(target)) next.push([...walk, target]);
        seen.add(target);
      }
    }
    walks = next;
  }
  return null;
}
