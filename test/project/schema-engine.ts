import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/** The SQL that would lead from a database to a Prisma schema, as Prisma's own schema engine sees it; '' when they agree. */
export async function statementsTowards(schema: string, databaseUrl: string): Promise<string[]> {
  await loadEngine();
  const pool = new EnginePool({ connectionString: databaseUrl, max: 1 });
  const file = { path: 'schema.prisma', content: schema };
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(engineAdapter(pool));
    const engine = await bindings.SchemaEngine.new({ datamodels: [[file.path, schema]] }, () => {}, adapter);
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [file], configDir: '.' },
      to: { tag: 'schemaDatamodel', files: [file] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return statements(stdout ?? '');
  } finally {
    await pool.end();
  }
}

let loaded: Promise<void> | undefined;

/** The package expects a bundler to load its WebAssembly; here it is done by hand. */
function loadEngine(): Promise<void> {
  loaded ??= (async () => {
    const file = createRequire(import.meta.url)
      .resolve('@prisma/schema-engine-wasm')
      .replace('schema_engine.js', 'schema_engine_bg.wasm');
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WasmLoader };
    const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': bindings });
    bindings.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    // Where the engine says why it gave up; without it one sees "unreachable" and nothing else.
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => process.stderr.write(`${text}\n`) },
    });
  })();
  return loaded;
}

/** The part of it used here: TypeScript's own types for it come only with those of a browser. */
interface WasmLoader {
  instantiate(
    program: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}

/** Columns of PostgreSQL's internal type "char", which the adapter does not know, by the rows they came with. */
const charColumns = new WeakMap<object, number[]>();
const CHAR = 18;

/** Passes "char" off as text, and remembers where. */
class EnginePool extends pg.Pool {
  override query = (async (...given: Parameters<pg.Pool['query']>) => {
    const result = (await pg.Pool.prototype.query.apply(this, given)) as unknown as pg.QueryArrayResult;
    const found = result.fields.flatMap((field, index) => (field.dataTypeID === CHAR ? [index] : []));
    for (const index of found) Object.assign(result.fields[index] ?? {}, { dataTypeID: pg.types.builtins.TEXT });
    charColumns.set(result.rows, found);
    return result;
  }) as unknown as pg.Pool['query'];
}

/** Prisma's adapter, which tells the engine of those columns what the engine wants to hear. */
function engineAdapter(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    connect: async () => {
      const adapter = await connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      adapter.queryRaw = async (query) => {
        const result = await queryRaw(query);
        for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
        return result;
      };
      return adapter;
    },
  });
}

function statements(script: string): string[] {
  const lines = script.split('\n').filter((line) => !line.startsWith('--'));
  return lines
    .join('\n')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter(Boolean);
}
