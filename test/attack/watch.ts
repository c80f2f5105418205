import { readFileSync, statSync } from 'node:fs';
import type { Finding } from './report.ts';
import type { Stage } from './stage.ts';

/** What the portal itself wrote down meanwhile: how many requests came, and which of them it could not answer. */
export interface Watched {
  requests: number;
  refused: number;
  findings: Finding[];
}

/** Starts to watch; the answer tells what has come since. */
export function watch({ logs, web }: Pick<Stage, 'logs' | 'web'>): () => Watched {
  const before = logs.map((file) => statSync(file).size);
  return () => {
    const lines = logs.flatMap((file, n) => since(file, before[n] ?? 0));
    const answered = lines.filter((line) => line.res);
    const failed = answered.filter((line) => (line.res?.status ?? 0) >= 500);
    const fatal = lines
      .filter(({ level }) => level >= 60)
      .map((line) => ({ what: 'the process fell', where: line.msg }));
    const gone = web.running() ? [] : [{ what: 'the web process is gone', where: 'web' }];
    return {
      requests: answered.length,
      refused: answered.filter((line) => line.res?.status === 429).length,
      findings: [...grouped(failed), ...fatal, ...gone],
    };
  };
}

interface Line {
  level: number;
  msg: string;
  req?: { method: string; url: string; id: string };
  res?: { status: number };
  err?: { message?: string };
  requestId?: string;
}

function since(file: string, start: number): Line[] {
  const text = readFileSync(file).subarray(start).toString('utf8');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

/** One finding for each address and status, however often it came. */
function grouped(lines: readonly Line[]): Finding[] {
  const times = new Map<string, number>();
  for (const { req, res } of lines) {
    const url = (req?.url ?? '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').slice(0, 120);
    const where = `${req?.method} ${url} → ${res?.status}`;
    times.set(where, (times.get(where) ?? 0) + 1);
  }
  return [...times].map(([where, count]) => ({ what: `could not answer, ${count} times`, where }));
}
