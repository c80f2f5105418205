import { type Contract, contracts, isJobName } from '../src/queue/contracts.ts';

/** How many of each job run in one worker. */
export interface Places {
  /** Answers what gives the place back; null: as many as may run abreast do already. */
  take(name: string): (() => void) | null;
}

export function openPlaces(): Places {
  const taken = new Map<string, number>();
  const change = (name: string, by: number) => taken.set(name, (taken.get(name) ?? 0) + by);
  return {
    take: (name) => {
      if ((taken.get(name) ?? 0) >= mostOf(name)) return null;
      change(name, 1);
      return () => void change(name, -1);
    },
  };
}

function mostOf(name: string): number {
  const contract: Contract | null = isJobName(name) ? contracts[name] : null;
  return contract?.abreast ?? Number.POSITIVE_INFINITY;
}
