import type { Company } from '../../../../src/tenancy/company.ts';
import type { Services } from '../../../../src/web/services.ts';
import type { Stage } from '../../stage.ts';

/** What a job is measured with: its verb in this process, and a superuser's connection for what is bare. */
export interface JobStage extends Stage {
  services: Services;
  company: Company;
  ask<Answer extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Answer[]>;
}

/** Milliseconds of the job's verb and of the bare work, and how much there was to do. */
export interface JobFigures {
  ours: number;
  bare: number;
  note: string;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
