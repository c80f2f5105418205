/** GSM 03.38: one septet each. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Of the extension table: two septets, of which the first says so. */
const EXTENDED = '\f^{}\\[~]|€';

const SEPTETS = new Map([...[...BASIC].map(weigh(1)), ...[...EXTENDED].map(weigh(2))]);

/** What no sign of GSM-7 is, for the database. */
export const NO_GSM = `[^${`${BASIC}${EXTENDED}`.replace(/[\\\]^-]/g, '\\$&')}]`;

/** How much one SMS holds by itself, and as a part of several. */
const ROOM = { gsm: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } } as const;

export interface Analysis {
  /** `gsm`: GSM-7; `ucs2`: a sign of the text is none of that alphabet, and all of it costs more */
  readonly encoding: 'gsm' | 'ucs2';
  /** septets, or units of 16 bits */
  readonly units: number;
  /** SMS that the provider counts, at least one */
  readonly parts: number;
  /** units that one of so many parts holds */
  readonly room: number;
  /** units that still go into the last part */
  readonly left: number;
  /** the signs that force UCS-2, each once, in the order of the text */
  readonly forcing: readonly string[];
  /** the text in pieces, each with whether its signs force UCS-2 */
  readonly pieces: readonly { readonly text: string; readonly forces: boolean }[];
}

/** What a text costs as SMS, and why (P-02). */
export function analyse(text: string): Analysis {
  const signs = [...text];
  const forcing = [...new Set(signs.filter((sign) => !SEPTETS.has(sign)))];
  const encoding = forcing.length === 0 ? 'gsm' : 'ucs2';
  const weights = signs.map(WEIGHT[encoding]);
  const units = weights.reduce((sum, weight) => sum + weight, 0);
  const { alone, joined } = ROOM[encoding];
  const pieces = piecesOf(signs);
  if (units <= alone) return { encoding, units, parts: 1, room: alone, left: alone - units, forcing, pieces };
  const { parts, left } = fill(weights, joined);
  return { encoding, units, parts, room: joined, left, forcing, pieces };
}

/** How many SMS a text is. The same as `sms_parts` of the database. */
export const partsOf = (text: string): number => analyse(text).parts;

const WEIGHT = {
  gsm: (sign: string) => SEPTETS.get(sign) ?? 1,
  ucs2: (sign: string) => sign.length,
};

function weigh(weight: number) {
  return (sign: string): [string, number] => [sign, weight];
}

/** A sign goes into one part as a whole: an extended one, or a pair of surrogates, leaves a unit empty where only one is left. */
function fill(weights: readonly number[], room: number): { parts: number; left: number } {
  let parts = 1;
  let left = room;
  for (const weight of weights) {
    if (weight > left) {
      parts += 1;
      left = room;
    }
    left -= weight;
  }
  return { parts, left };
}

function piecesOf(signs: readonly string[]): { text: string; forces: boolean }[] {
  const pieces: { text: string; forces: boolean }[] = [];
  for (const sign of signs) {
    const forces = !SEPTETS.has(sign);
    const last = pieces.at(-1);
    if (last?.forces === forces) last.text += sign;
    else pieces.push({ text: sign, forces });
  }
  return pieces;
}
