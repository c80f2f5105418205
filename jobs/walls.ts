import { plant } from '../src/canaries/canaries.ts';
import * as walls from '../src/walls/walls.ts';
import type { Handler } from './handler.ts';

export const planWalls: Handler<'walls.plan'> = {
  run: ({ services, inside }) => (inside ? walls.plan(services) : Promise.resolve()),
};

export const lookAtWalls: Handler<'walls.look'> = {
  run: async ({ services, inside, workOff, payload, signal }) => {
    if (!inside) throw new Error('this process cannot open the portal for itself');
    await plant(services);
    await walls.look(services, { open: inside, workOff }, payload.runId, signal);
  },
  givenUp: ({ services, payload }, reason) => walls.fail(services, payload.runId, reason),
};
