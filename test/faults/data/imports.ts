import type { Outcome } from '../report.ts';
import type { Stage } from '../stage.ts';
import { brokenFiles } from './broken-files.ts';
import { cutOff } from './cut-off.ts';
import { inPortal } from './portal.ts';

/** F13 */
export const imports = (stage: Stage): Promise<Outcome[]> =>
  inPortal(stage, async (portal) => {
    const worker = await stage.startWorker();
    const broken = await brokenFiles(stage, portal, worker);
    await worker.stop();
    return [broken, await cutOff(stage, portal)];
  });
