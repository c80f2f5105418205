import { demoSignIns, seedDemo } from '../../demo/demo.ts';
import { command } from '../command.ts';
import { OperatorError } from '../error.ts';

/** `seed:demo`: the demo marketplace, in a portal that holds nothing yet. */
export const seedDemoData = command({
  flags: {},
  run: async ({ tenancy, clock }) => {
    if (!(await seedDemo(tenancy, clock()))) {
      throw new OperatorError('the portal holds companies or users already: the demo wants an empty one');
    }
    return { signIns: demoSignIns };
  },
});
