export interface Program {
  names: readonly string[];
  packages: Readonly<Record<string, string>>;
}

export const PROGRAMS: { redis: Program; chromium: Program };
export function findProgram(program: Program): string | null;
