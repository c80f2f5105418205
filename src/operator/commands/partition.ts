import { z } from 'zod';
import { partition } from '../../platform/partition.ts';
import { command, value } from '../command.ts';

const count = z.coerce.number().int().min(2).max(1024);

/**
 * `partition --into 16`: puts every company's table into so many partitions, by hash of the company. The portal stands still meanwhile.
 * Again after a migration that has added tables.
 */
export const partitionTables = command({
  flags: { into: value(count, 'must be a whole number from 2 to 1024') },
  run: async ({ databaseUrl }, { into }) => ({ partitioned: await partition(databaseUrl, into), into }),
});
