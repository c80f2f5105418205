import { Registry } from 'prom-client';
import { measured } from '../platform/measured.ts';
import { isLeaving } from '../web/leaving.ts';
import type { Services } from '../web/services.ts';
import { refresh } from './figures.ts';
import * as gauges from './gauges.ts';
import { measureWalls } from './walls-figures.ts';

export interface Readiness {
  database: boolean;
  queue: boolean;
  leaving?: true;
}

/** Whether database and queue answer; `leaving`: and the process was told to end. */
export async function readiness({ database, queue }: Services): Promise<Readiness> {
  const [hasDatabase, hasQueue] = await Promise.all([
    database.ping().then(
      () => true,
      () => false,
    ),
    queue.ready(),
  ]);
  return { database: hasDatabase, queue: hasQueue, ...(isLeaving() && { leaving: true }) };
}

export const isReady = ({ database, queue, leaving }: Readiness): boolean => database && queue && !leaving;

/** Everything for Prometheus: of this process, and of the portal. */
export async function metricsText(services: Services): Promise<{ type: string; text: string }> {
  const { database, queue } = await readiness(services);
  gauges.ready.set({ part: 'database' }, Number(database));
  gauges.ready.set({ part: 'queue' }, Number(queue));
  gauges.leaving.set(Number(isLeaving()));
  if (database) await Promise.all([refresh(services), measureWalls(services)]);
  return { type: measured.contentType, text: await Registry.merge([measured, gauges.portal]).metrics() };
}
