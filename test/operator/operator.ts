import { main } from '../../src/operator/main.ts';
import type { TestApp } from '../make.ts';

export interface Run {
  code: number;
  /** the one JSON object of standard output; null: it printed nothing */
  answer: unknown;
  /** standard error, without its last line break */
  error: string;
}

/** The operator's command beside the portal, on its database: `await operate(portal, 'migrate')`. */
export async function operate(portal: TestApp, ...argv: string[]): Promise<Run> {
  const env = { DATABASE_URL: portal.services.config.databaseUrl, DATA_DIR: portal.services.config.dataDir };
  return operateOn(env, ...argv);
}

export async function operateOn(env: Record<string, string | undefined>, ...argv: string[]): Promise<Run> {
  let [out, error] = ['', ''];
  const code = await main(argv, env, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { code, answer: out === '' ? null : JSON.parse(out), error: error.replace(/\n$/, '') };
}
