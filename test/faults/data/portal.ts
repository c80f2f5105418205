import type { Express } from 'express';
import { openDatabase } from '../../../src/platform/db.ts';
import type { TestApp } from '../../make.ts';
import { finishJobs } from '../invariants/finish-jobs.ts';
import type { Stage } from '../stage.ts';

/**
 * The stage as the factories of the tests know a portal: what they make stands in its database, and their visitors talk to its web process.
 * Close it; the stage stays.
 */
export function portalOf(stage: Stage): TestApp {
  const { services, postgres, url } = stage;
  const database = openDatabase(postgres.superuserUrl, 2);
  return {
    // A visitor needs no more than an address.
    app: url as unknown as Express,
    services,
    tenancy: services.tenancy,
    database,
    setNow: () => {
      throw new Error('The clock of a web process of its own cannot be set');
    },
    runJobs: async () => void (await finishJobs(stage)),
    close: () => database.close(),
  };
}

/** What to do with a portal that is closed afterwards. */
export async function inPortal<T>(stage: Stage, work: (portal: TestApp) => Promise<T>): Promise<T> {
  const portal = portalOf(stage);
  try {
    return await work(portal);
  } finally {
    await portal.close();
  }
}
