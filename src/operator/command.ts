import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { OperatorError } from './error.ts';

/** One command: its flags as a schema (`dryRun` is `--dry-run`), and what it does. */
export interface Command<Input, Answer extends object> {
  input: z.ZodType<Input>;
  /** all flags, for reading them and for naming the choices */
  flags: readonly string[];
  /** those that take no value */
  switches: readonly string[];
  run(desk: Desk, input: Input): Promise<Answer>;
  /** whether the answer is bad news, so that the exit code says so */
  failed(answer: Answer): boolean;
}

interface Definition<Shape extends z.ZodRawShape, Answer extends object> {
  flags: Shape;
  /** flags that only make sense together, or only one of them */
  check?: (given: z.output<z.ZodObject<Shape>>) => string | null;
  run(desk: Desk, input: z.output<z.ZodObject<Shape>>): Promise<Answer>;
  failed?: (answer: Answer) => boolean;
}

export function command<Shape extends z.ZodRawShape, Answer extends object>({
  flags,
  check,
  run,
  failed = () => false,
}: Definition<Shape, Answer>) {
  const input = z.strictObject(flags).superRefine((given, context) => {
    const wrong = check?.(given) ?? null;
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
  });
  const names = Object.keys(flags);
  const switches = names.filter((name) => flags[name] === SWITCH);
  return { input, flags: names.map(kebab), switches: switches.map(kebab), run, failed };
}

/** A flag without a value. */
export const SWITCH = z.boolean().default(false);

/** A flag with a value that must not be blank. */
export const word = (longest: number) =>
  z
    .string('is missing')
    .trim()
    .min(1, 'must not be blank')
    .max(longest, `must not be longer than ${longest} characters`);

/** A flag with a value that a domain's own schema reads; the terminal has its own words for one that it refuses. */
export const value = <Schema extends z.ZodType>(schema: Schema, complaint: string) =>
  z
    .string('is missing')
    .refine((given) => given.trim() !== '', 'must not be blank')
    .transform((given, context): z.output<Schema> => {
      const read = schema.safeParse(given);
      if (read.success) return read.data;
      context.addIssue({ code: 'custom', message: complaint });
      return z.NEVER;
    });

export const oneOf = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  z.enum(choices, {
    error: ({ input }) => (input === undefined ? 'is missing' : `must be one of ${choices.join(', ')}`),
  });

/** Reads the arguments behind the command's name. Throws `OperatorError` that names what may be given. */
export function readInput<Input>(
  name: string,
  { input, flags, switches }: Pick<Command<Input, object>, 'input' | 'flags' | 'switches'>,
  args: string[],
): Input {
  const read = input.safeParse(readFlags(name, flags, switches, args));
  if (read.success) return read.data;
  const first = new Map(read.error.issues.map((issue) => [issue.path[0], issue] as const).reverse());
  throw new OperatorError([...first.values()].reverse().map(complaint).join('; '));
}

function readFlags(name: string, flags: readonly string[], switches: readonly string[], args: string[]) {
  const options = Object.fromEntries(
    flags.map((flag) => [flag, { type: switches.includes(flag) ? ('boolean' as const) : ('string' as const) }]),
  );
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const given: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional')
      throw new OperatorError(`${name} takes no "${token.value}"; ${choices(name, flags)}`);
    if (!flags.includes(token.name)) throw new OperatorError(`unknown flag ${token.rawName}; ${choices(name, flags)}`);
    if (camel(token.name) in given) throw new OperatorError(`${token.rawName} is given twice`);
    given[camel(token.name)] = readValue(token, switches);
  }
  return given;
}

interface OptionToken {
  name: string;
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function readValue({ name, rawName, value, inlineValue }: OptionToken, switches: readonly string[]): string | boolean {
  if (switches.includes(name)) {
    if (value === undefined) return true;
    throw new OperatorError(`${rawName} takes no value`);
  }
  // `--name --role owner`: the value was forgotten. One that begins with a dash is written `--password=-secret`.
  if (value === undefined || (!inlineValue && value.startsWith('-')))
    throw new OperatorError(`${rawName} needs a value`);
  return value;
}

const choices = (name: string, flags: readonly string[]) =>
  flags.length === 0 ? `${name} takes no flags` : `${name} takes ${flags.map((flag) => `--${flag}`).join(', ')}`;

const complaint = ({ path, message }: z.core.$ZodIssue) =>
  path.length === 0 ? message : `--${kebab(String(path[0]))} ${message}`;

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const camel = (flag: string) => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
