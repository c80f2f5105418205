export interface Program {
  names: readonly string[];
  packages: Readonly<Record<string, string>>;
}

export const PROGRAMS: { redis: Program; chromium: Program };
export type Attacker = 'sqlmap' | 'wapiti' | 'ffuf' | 'slowhttptest';
export const ATTACKERS: Readonly<Record<Attacker, Program>>;
export function findProgram(program: Program): string | null;
