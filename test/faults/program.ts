import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

/** The file of a program, `program('src', 'server')`: as this one is, of the sources or translated. */
export const program = (...parts: string[]): string => join(here, '..', '..', '..', ...parts) + here.slice(-3);
