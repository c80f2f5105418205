import { startWorker } from '../../jobs/worker.ts';
import { openServices } from '../../src/open-services.ts';
import { readConfig } from '../../src/platform/config.ts';
import { TRUST } from './trust.ts';

// A worker as in production, but for how long it is trusted.
const config = readConfig(process.env);
if (!config.databaseUrl) throw new Error('DATABASE_URL is not set');
await startWorker(await openServices(config, config.databaseUrl, []), TRUST);
