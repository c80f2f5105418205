import { isDeepStrictEqual } from 'node:util';
import type { Child } from '../../../src/platform/children.ts';
import { watchMemory } from '../../bench/processes.ts';
import { bringWhole, type File } from '../../imports/judged.ts';
import { TEXT_FILES } from '../../imports/text-files.ts';
import { XLSX_FILES } from '../../imports/xlsx-files.ts';
import { makeCompany, makeUser, type TestApp } from '../../make.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { until } from '../wait.ts';
import { abreast } from './abreast.ts';

const MOST_SECONDS = 120;

interface Sum {
  right: number;
  refused: number;
  wrong: string[];
}

/** Files of all kinds go the whole way; a worker of its own reads them, and its memory is looked at meanwhile. */
export async function brokenFiles(stage: Stage, portal: TestApp, worker: Child): Promise<Outcome> {
  const files = chosen([...TEXT_FILES, ...XLSX_FILES], stage.options.files);
  const user = await makeUser(portal, { company: await makeCompany(portal) });
  const sum: Sum = { right: 0, refused: 0, wrong: [] };
  const memory = await watchMemory(worker.pid, () =>
    abreast(3, files, (file) => bringOne(stage, portal, user.id, file, sum)),
  );
  return {
    ...plain({
      injected: files.length,
      operations: sum.right + sum.refused,
      misses: [
        sum.wrong.length > 0 && `silently wrong: ${sum.wrong.join(', ')}`,
        !worker.running() && 'the worker died',
      ],
      note: `${files.length} files; rows right ${sum.right}, refused with a reason ${sum.refused}, files that are otherwise than expected ${sum.wrong.length}; the worker’s memory ${memory.start.toFixed(0)} MB, at most ${memory.max.toFixed(0)} MB`,
    }),
    name: 'F13 broken files',
  };
}

/** Of each part of the list some. */
const chosen = (files: readonly File[], most: number): File[] =>
  files.filter((_, at) => Math.floor((at * most) / files.length) !== Math.floor(((at - 1) * most) / files.length));

async function bringOne(
  stage: Stage,
  portal: TestApp,
  userId: string,
  [what, make, expected]: File,
  sum: Sum,
): Promise<void> {
  const company = await makeCompany(portal);
  const idle = async () => (await stage.ask('select 1 from job where company_id = $1', [company.id])).length === 0;
  const runJobs = async () => void (await until(idle, MOST_SECONDS, 30));
  const { right = [], refused = [], fault = null } = expected;
  const judged = await bringWhole({ ...portal, runJobs }, company, userId, await make());
  sum.right += judged.right.length;
  sum.refused += judged.refused.length + (judged.fault === null ? 0 : 1);
  if (!isDeepStrictEqual(judged, { right, refused, fault, tooEarly: 0, open: 0 })) sum.wrong.push(what);
}
