import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../../src/platform/postgres.ts';
import { rootPath } from '../../../../src/platform/root.ts';
import { query } from '../../build/cluster.ts';
import { type Site, site } from '../../load.ts';
import { startWeb } from '../../ours.ts';
import { answers, startProgram } from '../../processes.ts';
import type { Stage } from '../../stage.ts';
import { type Frozen, freeze } from './freeze.ts';
import { type Sent, sendAll, whileSending } from './sending.ts';
import { clearCampaigns, FROM, type World } from './world.ts';

export interface Round<Result> {
  frozen: Frozen;
  result: Result;
}

/** One campaign that was launched and waits for a worker. */
interface Acts {
  pages: Site;
  sendAll(): Promise<Sent>;
  whileSending<T>(work: () => Promise<T>): Promise<{ result: T; ended: boolean }>;
}

/**
 * One campaign with a portal and a provider of its own. Throws when what the provider took is not what the ledger says, number by number,
 * or when somebody got two.
 */
export async function round<Result>(
  stage: Stage,
  world: World,
  more: Record<string, string>,
  work: (acts: Acts) => Promise<Result>,
): Promise<Round<Result>> {
  const { dataDir, superuserUrl } = stage.cluster;
  const journal = join(dataDir, 'journal.json');
  const [port, token] = [await freePort(), randomBytes(16).toString('hex')];
  const file = rootPath('test', 'bench', 'standin.ts');
  const provider = await startProgram('standin', dataDir, file, [String(port), token, journal], {});
  try {
    await answers('the stand-in', dataDir, provider, site(port), '/');
    const web = await startWeb(stage.cluster, { ...variables(port, token), ...more });
    try {
      const frozen = await freeze(stage, world, web);
      const sent = { stage, web, provider, campaignId: frozen.campaignId, recipients: world.recipients };
      const result = await work({
        pages: web.pages,
        sendAll: () => sendAll(sent),
        whileSending: (meanwhile) => whileSending(sent, meanwhile),
      });
      await web.stop();
      await provider.stop();
      await compareWithJournal(superuserUrl, frozen.campaignId, journal);
      return { frozen, result };
    } finally {
      await web.stop();
    }
  } finally {
    await provider.stop();
    await clearCampaigns(superuserUrl);
  }
}

const variables = (port: number, token: string): Record<string, string> => ({
  TWILIO_API_URL: `http://127.0.0.1:${port}`,
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: token,
  TWILIO_FROM: FROM,
});

interface Message {
  sid: string;
  to: string;
}

async function compareWithJournal(superuserUrl: string, campaignId: string, file: string): Promise<void> {
  const taken = JSON.parse(readFileSync(file, 'utf8')) as Message[];
  const rows = await query<Message & { state: string }>(superuserUrl, CALLED, [campaignId]);
  const bySid = new Map(taken.map((message) => [message.sid, message]));
  const doubled = taken.length - new Set(taken.map(({ to }) => to)).size;
  const lost = rows.filter(({ sid, to }) => bySid.get(sid)?.to !== to).length;
  const open = rows.filter(({ state }) => state !== 'accepted').length;
  if (doubled + lost + open === 0 && taken.length === rows.length) return;
  throw new Error(
    `${taken.length} were taken, ${rows.length} were called: ${doubled} doubled, ${lost} lost, ${open} without an answer`,
  );
}

const CALLED = 'select state, sid, address as to from delivery where campaign_id = $1 and called_at is not null';
