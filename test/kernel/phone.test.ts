import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatPhone, parsePhone, phoneDigits, phoneTraits } from '../../src/kernel/phone.ts';
import { sharedData } from './shared-data.ts';

type Example = { region: string; type: string; national: string; e164: string; prefix: string };

const FEW_EXAMPLES = `region,calling_code,type,national,e164,national_prefix
UA,380,mobile,501234567,+380501234567,0
DE,49,mobile,15123456789,+4915123456789,0
DE,49,fixedLine,30123456,+4930123456,0
IT,39,fixedLine,0212345678,+390212345678,
US,1,tollFree,8002345678,+18002345678,1
BG,359,mobile,43012345,+35943012345,0
PL,48,mobile,512345678,+48512345678,
KZ,7,mobile,7710009998,+77710009998,8`;

const EXAMPLES = readExamples(sharedData('phone_examples.csv') ?? FEW_EXAMPLES);

function readExamples(csv: string): Example[] {
  const lines = csv.trim().split(/\r?\n/).slice(1);
  return lines.map((line) => {
    const [region = '', , type = '', national = '', e164 = '', prefix = ''] = line.split(',');
    return { region, type, national, e164, prefix };
  });
}

describe('P-38 one number, many spellings', () => {
  test.each([
    '067 123 45 67',
    '0671234567',
    '671234567',
    '+380671234567',
    '380671234567',
    '00380671234567',
    '00 380 67 123-45-67',
    '+38 (067) 123-45-67',
    '38 067 123 45 67',
    '+380 (0)67 123 45 67',
    '067.123.45.67',
    '067/123–45–67',
    'tel:+380671234567',
    'TEL: 067-123-45-67',
    'tel:067-123-45-67;phone-context=+380',
    '０６７ １２３ ４５ ６７',
    '＋３８０６７１２３４５６７',
    '٠٦٧١٢٣٤٥٦٧',
    '\u202d+380 67 123 45 67\u202c',
    '\u00a0067\u00a01234567\t',
    '067 123 45 67 ext. 12',
  ])('%s', (given) => {
    expect(parsePhone(given, 'UA')).toEqual({ e164: '+380671234567', mobile: true, country: 'UA' });
  });

  test('00 in front is read as + also where people dial abroad otherwise', () => {
    expect(parsePhone('00380671234567', 'US')?.e164).toBe('+380671234567');
    expect(parsePhone('011380671234567', 'US')?.e164).toBe('+380671234567');
  });

  test('a number without country code belongs to the country of the company', () => {
    expect(parsePhone('0170 1234567', 'DE')?.e164).toBe('+491701234567');
    expect(parsePhone('0170 1234567', 'UA')).toBeNull();
    expect(parsePhone('0170 1234567', 'nowhere')).toBeNull();
    expect(parsePhone('+49 170 1234567', 'nowhere')?.e164).toBe('+491701234567');
  });

  test('a fixed line is no mobile', () => {
    expect(parsePhone('+39 06 698 12345', 'UA')).toEqual({ e164: '+390669812345', mobile: false, country: 'VA' });
  });

  test('P-02 a number says whose country it is of, also where several share a code, and one of nowhere by its three digits', () => {
    const countries = [
      '+13035550123',
      '+14165550123',
      '+77012345678',
      '+79161234567',
      '+80012345678',
      '+883510012345678',
    ];
    expect(countries.map((given) => parsePhone(given, 'UA')?.country)).toEqual(['US', 'CA', 'KZ', 'RU', '800', '883']);
    expect(phoneTraits('+380671234567')).toEqual({ mobile: true, country: 'UA' });
    expect(phoneTraits('+999123456789')).toEqual({ mobile: false, country: null });
  });

  test.each([
    '',
    ' ',
    '+',
    '00',
    'none',
    '067 123 45',
    '+380 67 123 45 678',
    '+999 123 456 789',
    'call 067 123 45 67',
    '067 123 45 67, 050 111 22 33',
    '067 123 45 67 / 050 111 22 33',
    '1-800-FLOWERS',
    '0671234567@example.com',
    '\0',
    '\ud800',
  ])('what is not one valid number is no contact: %j', (given) => {
    expect(parsePhone(given, 'UA')).toBeNull();
  });

  test('a flood of signs is no number', () => {
    for (const flood of ['0', '(', ' ', '+', '\u0301\u0323', '\u202d', 'tel:']) {
      expect(parsePhone(flood.repeat(500_000), 'UA')).toBeNull();
      expect(phoneDigits(flood.repeat(500_000))).toEqual([]);
    }
  });

  test('an example of every kind from every region, however it is spelled, is the same number', () => {
    const unknown = EXAMPLES.filter(({ e164, region }) => !parsePhone(e164, region));
    for (const { region, type, national, e164, prefix } of EXAMPLES) {
      const parsed = parsePhone(e164, region);
      expect([e164, undefined]).toContain(parsed?.e164);
      if (type === 'mobile') expect([e164, parsed?.mobile]).toEqual([e164, true]);
      // 001 is no country: these numbers exist in international form only.
      const atHome = region === '001' ? [] : [national, [...national].join(' '), `(${national})`];
      for (const given of [...atHome, e164.replace('+', '00')]) {
        expect([region, given, parsePhone(given, region)]).toEqual([region, given, parsed]);
      }
      // Not every number is dialled with the trunk prefix, but with it none becomes another number.
      expect([e164, undefined]).toContain(parsePhone(prefix + national, region)?.e164);
    }
    // The library's tables and these examples are of different years; a number it does not know is kept as given.
    expect(unknown.length).toBeLessThanOrEqual(EXAMPLES.length / 100);
  });

  test('a result parses to itself from every country, whatever was typed', () => {
    const typed = fc.oneof(
      fc.stringMatching(/^[+0]?[-0-9 ().]{5,18}$/),
      fc.tuple(fc.constantFrom(...EXAMPLES), fc.nat(99)).map(([{ e164 }, n]) => e164.slice(0, -2) + n),
      fc.string({ unit: 'binary' }),
    );
    const country = fc.constantFrom('UA', 'DE', 'US', 'IT', 'AR', 'MX', 'BR', 'KZ', '');
    fc.assert(
      fc.property(typed, country, country, (given, home, abroad) => {
        const parsed = parsePhone(given, home);
        if (!parsed) return;
        expect(parsed.e164).toMatch(/^\+[1-9]\d{3,14}$/);
        expect(parsePhone(parsed.e164, abroad)).toEqual(parsed);
        expect(parsePhone(formatPhone(parsed.e164), abroad)).toEqual(parsed);
      }),
      { numRuns: 500 },
    );
  });
});

describe('P-51 search by phone', () => {
  const finds = (q: string): boolean => phoneDigits(q).some((digits) => '380671234567'.includes(digits));

  test.each([
    '067 123 45 67',
    '+38 (067) 123-45-67',
    '380671234567',
    '00380671234567',
    '71234567',
    '067',
    '4567',
    '+380 (0) 67 123 45 67',
    'tel:+380671234567',
    '０６７１２３',
    '45-67',
  ])('%s finds +380671234567', (q) => {
    expect(finds(q)).toBe(true);
  });

  test('the same digits are looked for once, and never fewer than three', () => {
    expect(phoneDigits('0671234567')).toEqual(['0671234567', '671234567']);
    expect(phoneDigits('671 23')).toEqual(['67123']);
    expect(phoneDigits('0067')).toEqual(['0067']);
    expect(phoneDigits('000')).toEqual(['000']);
  });

  test.each(['', '12', '1 2', 'Kyiv 2000', 'a@b.c', '123@456', '№ 1001', '#1001', '067;123', '\x0a3'])(
    '%j is no phone',
    (q) => {
      expect(phoneDigits(q)).toEqual([]);
    },
  );

  test('every way to type the end of a number finds it', () => {
    const spaced = fc.array(fc.constantFrom('', ' ', '-', '.', ' (', ') '), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...EXAMPLES), fc.nat(9), spaced, ({ e164 }, from, gaps) => {
        const digits = e164.slice(1);
        const tail = digits.slice(Math.min(from, digits.length - 3));
        const typed = [...tail].map((digit, i) => digit + (gaps[i] ?? '')).join('');
        expect(phoneDigits(typed).some((looked) => digits.includes(looked))).toBe(true);
      }),
    );
  });
});

test('a number is shown in groups', () => {
  expect(formatPhone('+380671234567')).toBe('+380 67 123 4567');
  expect(formatPhone('as given')).toBe('as given');
});
