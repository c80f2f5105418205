import { ffuf, ffufOnWeak } from './ffuf.ts';
import { accounts } from './own/accounts.ts';
import { doors } from './own/doors.ts';
import { files } from './own/files.ts';
import { forgery } from './own/forgery.ts';
import { headers } from './own/headers.ts';
import { patience } from './own/patience.ts';
import { sockets } from './own/sockets.ts';
import type { Attacker, Who } from './people.ts';
import type { Finding } from './report.ts';
import { slowhttptest } from './slow.ts';
import { sqlmap, sqlmapOnWeak } from './sqlmap.ts';
import type { Stage } from './stage.ts';
import { wapiti, wapitiOnWeak } from './wapiti.ts';

export interface Tool {
  name: string;
  as: readonly Who[];
  /** `requests`: where the portal's own log does not count them */
  run(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string; requests?: number }>;
  /** what it finds in a page with holes, at this port */
  onWeak?(stage: Stage, port: number): Promise<Finding[]>;
}

const EVERYBODY = ['nobody', 'person', 'owner', 'viewer', 'moderator', 'admin', 'key'] as const;

const PEOPLE = ['nobody', 'person', 'owner', 'viewer', 'moderator', 'admin'] as const;

const TOOLS: readonly Tool[] = [
  { name: 'sqlmap', as: EVERYBODY, run: sqlmap, onWeak: sqlmapOnWeak },
  { name: 'wapiti', as: PEOPLE, run: wapiti, onWeak: wapitiOnWeak },
  { name: 'ffuf', as: EVERYBODY, run: ffuf, onWeak: ffufOnWeak },
  { name: 'forgery', as: ['owner', 'moderator', 'admin', 'person', 'nobody'], run: forgery },
  { name: 'doors', as: ['owner'], run: doors },
  { name: 'sockets', as: ['nobody', 'owner', 'admin', 'key'], run: sockets },
  { name: 'headers', as: EVERYBODY, run: headers },
  { name: 'accounts', as: ['owner'], run: accounts },
  { name: 'files', as: ['owner'], run: files },
  { name: 'patience', as: ['owner'], run: patience },
  { name: 'slowhttptest', as: ['nobody', 'owner'], run: slowhttptest },
];

export function toolsFor(only: readonly string[]): readonly Tool[] {
  const strange = only.find((name) => !TOOLS.some((tool) => tool.name === name));
  if (strange) throw new Error(`--only ${strange}: known are ${TOOLS.map(({ name }) => name).join(', ')}`);
  return TOOLS.filter(({ name }) => only.length === 0 || only.includes(name));
}
