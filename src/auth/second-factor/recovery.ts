import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** No letter that looks like a digit. */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MANY = 10;
const LENGTH = 12;
const LABEL = 4;

export interface KeptCode {
  /** by which it is found */
  label: string;
  codeHash: string;
}

/** Ten codes as they are shown, once, and as they are kept. No two of them have the same label. */
export async function makeCodes(): Promise<{ shown: string[]; kept: KeptCode[] }> {
  const codes = new Map<string, string>();
  while (codes.size < MANY) {
    const code = Array.from(randomBytes(LENGTH), (byte) => SIGNS[byte % SIGNS.length]).join('');
    codes.set(labelOf(code), code);
  }
  const kept = await Promise.all(
    [...codes].map(async ([label, code]) => ({ label, codeHash: await hash(code.slice(LABEL)) })),
  );
  return { shown: [...codes.values()].map((code) => code.replace(/.{4}(?=.)/g, '$&-')), kept };
}

/** What was typed, as codes are kept: in any case, with or without dashes, O for 0 and I or L for 1. null: it is no such code. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1').replace(/[\s-]/g, '');
  return code.length === LENGTH && [...code].every((sign) => SIGNS.includes(sign)) ? code : null;
}

export const labelOf = (code: string): string => code.slice(0, LABEL);

export const isCode = (code: string, codeHash: string): Promise<boolean> => verify(codeHash, code.slice(LABEL));
