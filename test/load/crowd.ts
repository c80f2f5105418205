import { setTimeout as sleep } from 'node:timers/promises';
import { openRandom, type Random } from '../../src/demo/random.ts';
import { ACTIONS } from './actions.ts';
import type { User } from './users.ts';
import { clicked, openVisit, type Someone, type World } from './visit.ts';

export interface Crowd {
  world: World;
  users: readonly User[];
  /** for each user some whom nobody else changes */
  own: (user: User) => readonly Someone[];
  think: number;
  seed: number;
  /** `performance.now()` when all of them go home */
  until: number;
}

/** Everybody clicks, thinks, and clicks again, until it is time. */
export async function letIn({ world, users, own, think, seed, until }: Crowd): Promise<void> {
  await Promise.all(
    users.map(async (user) => {
      const random = openRandom(seed * 100_003 + user.number);
      const visit = openVisit(world, user, own(user), random);
      const weights = weightsOf(user);
      await rest(random.next() * think, until);
      while (performance.now() < until) {
        const action = ACTIONS[random.weighted(weights)];
        if (action) await clicked(() => action.run(visit));
        await rest(pause(random, think), until);
      }
    }),
  );
}

const weightsOf = (user: User): Record<string, number> =>
  Object.fromEntries(
    Object.entries(ACTIONS)
      .filter(([, { writes }]) => user.writes || !writes)
      .map(([name, { weight }]) => [name, weight]),
  );

/** Most are short and some are long, at most four times the average. */
const pause = (random: Random, think: number) => Math.min(4 * think, -Math.log(1 - random.next()) * think);

const rest = (milliseconds: number, until: number) =>
  sleep(Math.max(0, Math.min(milliseconds, until - performance.now())));
