import { SWEEP_SECONDS } from '../../jobs/schedule.ts';
import { startWorker } from '../../jobs/worker.ts';
import { openServices } from '../../src/open-services.ts';
import { readConfig } from '../../src/platform/config.ts';
import { LEASE_SECONDS } from '../../src/queue/lease.ts';

// A worker as in production, but for how long it is trusted: the two arguments.
const [leaseSeconds = LEASE_SECONDS, sweepSeconds = SWEEP_SECONDS] = process.argv.slice(2).map(Number);
const config = readConfig(process.env);
if (!config.databaseUrl) throw new Error('DATABASE_URL is not set');
await startWorker(await openServices(config, config.databaseUrl, []), { leaseSeconds, sweepSeconds });
