import { phoneKey } from '../kernel/phone-key.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { openDatabase } from '../platform/db.ts';
import { findEmbedded } from '../platform/embedded.ts';
import { type FileStore, openFiles } from '../platform/files.ts';
import { readSecrets } from '../platform/secrets.ts';
import type { Company } from '../tenancy/company.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import { openTenancy, type Tenancy } from '../tenancy/tenancy.ts';
import { OperatorError } from './error.ts';

/** What a command works with: the portal's database, whether the portal runs or not. */
export interface Desk {
  databaseUrl: string;
  tenancy: Tenancy;
  clock: Clock;
  files: FileStore;
  close(): Promise<void>;
}

/** On DATABASE_URL, else on the embedded database of the portal that runs on DATA_DIR. Throws when there is neither. */
export async function openDesk(env: Readonly<Record<string, string | undefined>>): Promise<Desk> {
  // The secrets that production wants are the web's: of the commands only seed:demo keys numbers, and it is not for production.
  const config = readConfig({ ...env, NODE_ENV: undefined });
  const { databaseUrl, dataDir } = config;
  const url = databaseUrl ?? findEmbedded(dataDir);
  if (url === null) {
    throw new OperatorError(`no portal runs on DATA_DIR ${dataDir}: start it with "npm start", or set DATABASE_URL`);
  }
  const database = openDatabase(url, 4);
  // A job that a command writes is found by the workers' sweeper: the operator opens no queue.
  let key: string | undefined;
  const keyOfPhone = (e164: string) => {
    key ??= readSecrets(config).phoneKey;
    return phoneKey(key, e164);
  };
  const tenancy = openTenancy(database, () => undefined, keyOfPhone);
  return { databaseUrl: url, tenancy, clock: systemClock, files: openFiles(config), close: () => database.close() };
}

export async function companyOf({ tenancy }: Desk, slug: string): Promise<Company> {
  const company = await tenancy.companyOfOperator(slug);
  if (company) return company;
  const known = (await tenancy.companiesOfOperator()).map((each) => each.slug);
  const some = known.length > 10 ? `${known.slice(0, 10).join(', ')} and ${known.length - 10} more` : known.join(', ');
  throw new OperatorError(`--company ${slug}: there is no such company; there ${some ? `are ${some}` : 'is none yet'}`);
}

/** One transaction of the portal; nothing of it stays when it throws. */
export const inPortal = <T>({ tenancy }: Desk, work: (db: PortalDb) => Promise<T>) => tenancy.inPortal(work);
