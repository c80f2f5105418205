import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Database } from '../platform/db.ts';
import type { FileStore } from '../platform/files.ts';
import type { Limiter } from '../platform/limiter.ts';
import type { Queue } from '../platform/queue.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import type { Watching } from '../tenancy/watch.ts';

/** Everything outside a request that handlers and jobs may use; made once per process. */
export interface Services {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly database: Pick<Database, 'ping'>;
  readonly tenancy: Tenancy;
  /** the same for those who only look whether the walls stand */
  readonly watching: Watching;
  readonly clock: Clock;
  readonly files: FileStore;
  readonly queue: Queue;
  readonly limiter: Limiter;
}
