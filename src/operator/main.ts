import { ConfigError } from '../platform/config.ts';
import { translator } from '../platform/i18n.ts';
import { FieldError } from '../web/form.ts';
import { commands, isCommand } from './commands.ts';
import { openDesk } from './desk.ts';
import { OperatorError } from './error.ts';

export interface Terminal {
  out(text: string): void;
  error(text: string): void;
}

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
};

/**
 * The operator's command: `npm run -s clientele -- <command> [flags]`. Prints one JSON object on standard output and answers
 * the exit code; what goes wrong is one line on standard error and 1. Works beside a running portal.
 */
export async function main(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { out, error }: Terminal = terminal,
): Promise<number> {
  try {
    const [name = '', ...args] = argv;
    const { answer, failed } = await perform(name, args, env);
    out(`${JSON.stringify(answer)}\n`);
    return failed ? 1 : 0;
  } catch (thrown) {
    error(`${lineOf(thrown)}\n`);
    return 1;
  }
}

async function perform(name: string, args: string[], env: Readonly<Record<string, string | undefined>>) {
  if (!isCommand(name)) {
    const choices = Object.keys(commands).join(', ');
    throw new OperatorError(`${name ? `unknown command "${name}"` : 'no command given'}; there are ${choices}`);
  }
  const run = commands[name](name, args);
  const desk = await openDesk(env);
  try {
    return await run(desk);
  } finally {
    await desk.close();
  }
}

function lineOf(thrown: unknown): string {
  if (thrown instanceof FieldError) return `--${thrown.field}: ${translator('en')(thrown.message)}`;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof OperatorError || thrown instanceof ConfigError) return message;
  // Prisma's messages are drawings of the code; what happened stands at their end.
  return message.trim().split('\n').at(-1)?.trim() || 'failed without a word';
}
