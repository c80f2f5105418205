import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** What an image holds and runs, made without Docker: the files of its last stage lie below `root`. */
export interface Image {
  root: string;
  env: Record<string, string>;
  workdir: string;
  command: string[];
  healthcheck: string;
  user: string | undefined;
}

interface Stage extends Image {
  name: string;
}

/**
 * Walks a Dockerfile step by step. Each stage is a folder; absolute paths are read inside it. The base image is this machine,
 * and USER is only noted down.
 */
export async function buildImage(dockerfile: string, context: string, scratch: string): Promise<Image> {
  const stages: Stage[] = [];
  for (const { word, rest } of steps(readFileSync(dockerfile, 'utf8'))) {
    if (word === 'FROM') stages.push(newStage(scratch, stages.length, rest));
    else await step(stages, stages.at(-1) as Stage, word, rest, context);
  }
  return stages.at(-1) as Stage;
}

export interface Run {
  /** Standard output and error so far. */
  output(): string;
  running(): boolean;
  kill(): void;
  /** The exit code. */
  ended: Promise<number | null>;
}

/** Starts a command as the image would; `env` comes on top of the image's. */
export function startInImage(image: Image, command: string[], env: Record<string, string> = {}): Run {
  const [program = '', ...args] = command.map((part) => inside(image, part));
  const { PATH = '', HOME = '', npm_config_cache: cache } = process.env;
  const base = { PATH, HOME, npm_config_prefer_offline: 'true', ...(cache ? { npm_config_cache: cache } : {}) };
  const child = spawn(program, args, { cwd: join(image.root, image.workdir), env: { ...base, ...image.env, ...env } });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return {
    output: () => Buffer.concat(chunks).toString(),
    running: () => child.exitCode === null && child.signalCode === null,
    kill: () => void child.kill('SIGTERM'),
    ended: once(child, 'close').then(([code]) => code),
  };
}

export async function runInImage(image: Image, command: string[], env: Record<string, string> = {}) {
  const run = startInImage(image, command, env);
  return { code: await run.ended, output: run.output() };
}

/** Comments gone, continued lines joined. */
function steps(text: string): { word: string; rest: string }[] {
  return text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => ({ word: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));
}

function newStage(scratch: string, number: number, rest: string): Stage {
  const root = join(scratch, `stage-${number}`);
  mkdirSync(root, { recursive: true });
  const name = / AS (\S+)/.exec(rest)?.[1] ?? String(number);
  return { name, root, env: {}, workdir: '/', command: [], healthcheck: '', user: undefined };
}

async function step(stages: Stage[], stage: Stage, word: string, rest: string, context: string): Promise<void> {
  switch (word) {
    case 'WORKDIR':
      stage.workdir = rest;
      mkdirSync(join(stage.root, rest), { recursive: true });
      break;
    case 'ENV': {
      const [name = '', value = ''] = rest.split('=', 2);
      stage.env[name] = inside(stage, value);
      break;
    }
    case 'COPY':
      copy(stages, stage, rest.split(/\s+/), context);
      break;
    case 'RUN': {
      const { code, output } = await runInImage(stage, ['/bin/sh', '-c', rest]);
      if (code !== 0) throw new Error(`RUN ${rest} failed (${code}):\n${output}`);
      break;
    }
    case 'USER':
      stage.user = rest;
      break;
    case 'HEALTHCHECK':
      stage.healthcheck = rest.slice(rest.indexOf('CMD ') + 4);
      break;
    case 'CMD':
      stage.command = JSON.parse(rest);
      break;
    case 'EXPOSE':
      break;
    default:
      throw new Error(`${word}: this test does not know that step`);
  }
}

function copy(stages: Stage[], stage: Stage, words: string[], context: string): void {
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const source = from === undefined ? context : (stages.find(({ name }) => name === from)?.root ?? '');
  const to = join(stage.root, stage.workdir, words.pop() ?? '');
  const intoFolder = words.length > 1 || (existsSync(to) && statSync(to).isDirectory());
  for (const word of words) {
    const path = join(source, word);
    const target = intoFolder && !statSync(path).isDirectory() ? join(to, basename(path)) : to;
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target, { recursive: true, verbatimSymlinks: true });
  }
}

/** The image's own folders, wherever a step names them. The base image's programs stay where they are. */
function inside(image: { root: string }, text: string): string {
  return text.replaceAll(/(?<![\w./])\/(app|home\/node)\b/g, (path) => join(image.root, relative('/', path)));
}
