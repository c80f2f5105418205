import { migrate } from '../../platform/migrate.ts';
import { command } from '../command.ts';

/** `migrate`: brings the database to the newest schema; the names of what was applied. */
export const migrateDatabase = command({
  flags: {},
  run: async ({ databaseUrl }) => ({ applied: await migrate(databaseUrl) }),
});
