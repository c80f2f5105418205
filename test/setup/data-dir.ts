import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * A DATA_DIR of the test's own, which the user of the embedded PostgreSQL may enter. Named like the scratch folder of a run: what an
 * interrupted one leaves is cleared away by the next.
 */
export function makeDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), `clientele-test-${process.pid}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Where the embedded PostgreSQL of a DATA_DIR has its data: in it, or below /var/tmp. */
export function dataFolder(dataDir: string): string {
  const { data } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'));
  return resolve(dataDir, data);
}

/** Removes it, and what the embedded PostgreSQL keeps elsewhere for it. */
export function removeDataDir(dataDir: string): void {
  if (existsSync(join(dataDir, 'postgres.json')))
    rmSync(dirname(dataFolder(dataDir)), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}
