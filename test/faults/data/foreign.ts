import { routes } from '../../../src/routes.ts';
import { idOfB, missingId } from '../../isolation/asking.ts';
import { everythingOfB, makeWorld } from '../../isolation/world.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { everyDoor, type Seen } from './doors.ts';
import { inPortal } from './portal.ts';
import { timings } from './timings.ts';

/** F19: company A asks for what is B's, by every route and in every way there is to name it; something that is not there is the control. */
export const foreign = (stage: Stage): Promise<Outcome[]> =>
  inPortal(stage, async (portal) => {
    const world = await makeWorld(portal);
    // Of the short form a few: all of them are asked by the tests of the walls already.
    const doors = routes.filter((_, at) => !stage.options.short || at % FEW === 0);
    const seen: Seen = { routes: new Set(), asked: 0, leaks: new Set(), differs: new Set() };
    // What B itself had begun ends first.
    await portal.runJobs();
    await stage.standin.settled();
    const before = await everythingOfB(world);
    await everyDoor({ world, theirs: idOfB(world), missing: missingId, seen }, doors);
    const changed = lines(before, await everythingOfB(world));
    const times = await timings(stage, world);
    // Made for the paths alone: there is no file.
    await stage.ask(`delete from export where file_key = 'none'`);
    return [
      plain({
        injected: seen.asked,
        operations: seen.routes.size,
        misses: [
          seen.routes.size < doors.length && `${doors.length - seen.routes.size} routes were not asked`,
          seen.leaks.size > 0 && `leaks: ${[...seen.leaks].join(', ')}`,
          seen.differs.size > 0 && `tells a foreign id from a missing one: ${[...seen.differs].join(', ')}`,
          changed > 0 && `${changed} rows of the other company changed`,
          times.above.length > 0 && `its time tells a foreign id from a missing one: ${times.above.join(', ')}`,
        ],
        note: `${seen.routes.size} of ${routes.length} routes; leaks ${seen.leaks.size}, other status or words ${seen.differs.size}, rows changed ${changed}; ${times.note}`,
      }),
    ];
  });

const FEW = 8;

/** How many lines there are in one and not in the other. */
function lines(before: string, after: string): number {
  const [old, now] = [new Set(before.split('\n')), new Set(after.split('\n'))];
  return [...old].filter((line) => !now.has(line)).length + [...now].filter((line) => !old.has(line)).length;
}
