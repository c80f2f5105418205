import { readdirSync, readFileSync } from 'node:fs';

// The unit of /proc on every Linux there is.
const TICKS = 100;

/** Seconds of processor that a process has used until now; NaN where the system does not tell (not Linux). */
export const cpuSeconds = (pid: number): number => {
  const times = timesOf(pid);
  return times ? times.own / TICKS : Number.NaN;
};

/** The same of a process with all its children, those that have ended too. */
export function cpuOfFamily(pid: number): number {
  const parent = timesOf(pid);
  if (!parent) return Number.NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter((times) => times?.parent === pid);
  return children.reduce((sum, times) => sum + (times?.own ?? 0), parent.own + parent.ended) / TICKS;
}

interface Times {
  parent: number;
  own: number;
  /** of children that have ended */
  ended: number;
}

function timesOf(pid: number): Times | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets, and may hold spaces.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11);
    return { parent, own: user + system, ended: childUser + childSystem };
  } catch {
    return null;
  }
}

/** The process that this one was started by. */
export const parentOf = (pid: number): number => timesOf(pid)?.parent ?? 0;
