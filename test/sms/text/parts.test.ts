import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from '../../../src/platform/db.ts';
import { analyse, partsOf } from '../../../src/sms/text/parts.ts';
import { makeApp, type TestApp } from '../../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const of = (sign: string, times: number) => sign.repeat(times);
const ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€';

describe('P-02 parts of an SMS', () => {
  test.each([
    ['', 1],
    [of('a', 160), 1],
    [of('a', 161), 2],
    [of('a', 306), 2],
    [of('a', 307), 3],
    [of('€', 80), 1],
    [of('€', 81), 2],
    [of('я', 70), 1],
    [of('я', 71), 2],
    [of('я', 134), 2],
    [of('я', 135), 3],
    [of('😀', 35), 1],
    [of('😀', 36), 2],
    // 153 and 67 are odd: a sign of two stays whole, and leaves one empty
    [of('€', 152), 2],
    [of('€', 153), 3],
    [of('😀', 66), 2],
    [of('😀', 67), 3],
    [`${of('a', 152)}€${of('a', 151)}`, 2],
    [`${of('a', 152)}€${of('a', 150)}€`, 3],
    [`${of('a', 152)}€${of('a', 149)}€`, 2],
    // in UCS-2 the extended ones of GSM-7 cost as much as any
    [`я${of('€', 69)}`, 1],
    [`${of('a', 69)}`.concat('`'), 1],
    [`${of('a', 70)}\``, 2],
  ])('%j: %i', (text, parts) => {
    expect(partsOf(text)).toBe(parts);
  });

  test('all signs of GSM-7 and its extension are counted as GSM-7, and no other sign is', async () => {
    const every = Array.from({ length: 0x30_00 }, (_, code) => String.fromCodePoint(code + 1));
    expect(every.filter((sign) => analyse(sign).encoding === 'gsm').sort()).toEqual([...ALPHABET].sort());
    expect(await inDatabase(every.map((sign) => of(sign, 71)))).toEqual(every.map((sign) => partsOf(of(sign, 71))));
  });

  test('what forces UCS-2 is said, and where', () => {
    const { encoding, forcing, pieces, units, left } = analyse('Hi Ївга, “ok” 😀 “ok”');
    expect({ encoding, forcing }).toEqual({ encoding: 'ucs2', forcing: ['Ї', 'в', 'г', 'а', '“', '”', '😀'] });
    expect(pieces.filter(({ forces }) => forces).map(({ text }) => text)).toEqual(['Ївга', '“', '”', '😀', '“', '”']);
    expect(pieces.map(({ text }) => text).join('')).toBe('Hi Ївга, “ok” 😀 “ok”');
    expect({ units, left }).toEqual({ units: 21, left: 49 });
    expect(analyse('plain [x]')).toMatchObject({ encoding: 'gsm', forcing: [], units: 11, left: 149, room: 160 });
  });

  test('what is left is what still goes into the last part', () => {
    expect(analyse(of('a', 161))).toMatchObject({ parts: 2, room: 153, left: 145 });
    expect(analyse(`${of('a', 160)}€`)).toMatchObject({ parts: 2, left: 144 });
    expect(analyse(of('я', 71))).toMatchObject({ parts: 2, room: 67, left: 63 });
  });

  const gsm = fc.array(fc.constantFrom(...ALPHABET), { maxLength: 700 }).map((signs) => signs.join(''));
  const extended = fc
    .array(fc.constantFrom('a', '€', '|', ']', '\\', '^'), { minLength: 70, maxLength: 700 })
    .map((signs) => signs.join(''));
  const plain = fc.array(fc.constantFrom('я', 'a', '€', '“'), { maxLength: 300 }).map((signs) => signs.join(''));
  const wide = fc
    .array(fc.constantFrom('я', '😀', 'a', '𝒳', '\uffff', '\n'), { maxLength: 300 })
    .map((signs) => signs.join(''));
  const anything = fc.string({
    unit: fc
      .integer({ min: 1, max: 0x10ffff })
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code)),
    maxLength: 300,
  });

  test('the database counts them in the same way', async () => {
    const texts = fc.array(fc.oneof(gsm, extended, plain, wide, anything), { minLength: 20, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(texts, async (texts) => expect(await inDatabase(texts)).toEqual(texts.map(partsOf))),
      { numRuns: 60 },
    );
  });

  test('no part holds more than its room, and each is as full as it can be', () => {
    fc.assert(
      fc.property(fc.oneof(gsm, extended, plain, wide, anything), (text) => {
        const { encoding, parts, units, room, left } = analyse(text);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThan(room + 1);
        const fewest = Math.max(1, Math.ceil(units / room));
        expect(parts).toBeGreaterThanOrEqual(fewest);
        // At most one unit of each part but the last stays empty.
        expect(parts).toBeLessThanOrEqual(Math.max(1, Math.ceil(units / (room - 1))));
        expect(encoding === 'gsm' ? 160 : 70).toBeGreaterThanOrEqual(parts === 1 ? units : 0);
      }),
    );
  });

  async function inDatabase(texts: readonly string[]): Promise<number[]> {
    const rows = await portal.database.prisma.$queryRaw<{ parts: bigint }[]>(sql`
      select sms_parts(text) as parts from unnest(${[...texts]}::text[]) with ordinality as t (text, n) order by n`);
    return rows.map(({ parts }) => Number(parts));
  }
});
