import { FileError } from './file-error.ts';
import { MAX_PART_BYTES, MAX_SHEET_BYTES } from './limits.ts';
import type { TableRow } from './row.ts';
import { sheetRows } from './sheet.ts';
import { readXml, type XmlReader } from './xml.ts';
import { openZip, type ZipEntry } from './zip.ts';

type Parts = ReadonlyMap<string, ZipEntry>;

/** The rows of the first visible sheet. Throws FileError. */
export async function* xlsxRows(file: Buffer): AsyncGenerator<TableRow> {
  const parts = openZip(file);
  const relations = await readRelations(parts);
  const sheet = parts.get(await firstSheet(parts, relations));
  if (!sheet) throw new FileError('noSheet');
  const named = (type: string) => parts.get([...relations.values()].find((each) => each.type === type)?.target ?? '');
  const texts = await sharedTexts(named('sharedStrings'));
  const dates = await dateStyles(named('styles'));
  yield* sheetRows(sheet.bytes(MAX_SHEET_BYTES), texts, dates);
}

interface Relation {
  type: string;
  target: string;
}

async function readRelations(parts: Parts): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>();
  await readPart(parts.get('xl/_rels/workbook.xml.rels'), {
    open: (name, { Id = '', Type = '', Target = '' }) => {
      if (name !== 'Relationship') return;
      const target = Target.startsWith('/') ? Target.slice(1) : `xl/${Target.replace(/^\.\//, '')}`;
      relations.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target });
    },
  });
  return relations;
}

async function firstSheet(parts: Parts, relations: ReadonlyMap<string, Relation>): Promise<string> {
  const sheets: string[] = [];
  await readPart(parts.get('xl/workbook.xml'), {
    open: (name, { rel = '', state = 'visible' }) => {
      if (name === 'sheet' && state === 'visible') sheets.push(rel);
    },
  });
  const targets = sheets.flatMap((id) => relations.get(id) ?? []).filter(({ type }) => type === 'worksheet');
  const [first] = targets;
  if (!first) throw new FileError('noSheet');
  return first.target;
}

/** Texts that cells name by number; formatted ones come in runs, and what is said of their pronunciation is left out. */
async function sharedTexts(part: ZipEntry | undefined): Promise<string[]> {
  const texts: string[] = [];
  let text: string | null = null;
  let [inText, spoken] = [false, false];
  if (!part) return texts;
  await readPart(part, {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') spoken = true;
      else if (name === 't') inText = !spoken;
    },
    text: (piece) => {
      if (inText && text !== null) text += piece;
    },
    close: (name) => {
      if (name === 't') inText = false;
      else if (name === 'rPh') spoken = false;
      else if (name === 'si') texts.push(text ?? '');
    },
  });
  return texts;
}

/** For each style that a cell may have: whether its number is shown as a date. */
async function dateStyles(part: ZipEntry | undefined): Promise<boolean[]> {
  const formats = new Map<string, string>();
  const styles: boolean[] = [];
  let inCells = false;
  if (!part) return styles;
  await readPart(part, {
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt') formats.set(numFmtId, formatCode);
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) styles.push(isDate(numFmtId, formats.get(numFmtId)));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** ECMA-376 18.8.30: 14 to 22 and 45 to 47 are dates and times, the ones from 27 on those of East Asia. */
function isDate(id: string, code: string | undefined): boolean {
  if (code !== undefined)
    return /[ymdhs]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '').replace(/general/i, ''));
  const number = Number(id);
  return (
    (number >= 14 && number <= 22) ||
    (number >= 27 && number <= 36) ||
    (number >= 45 && number <= 58 && number !== 48 && number !== 49)
  );
}

async function readPart(part: ZipEntry | undefined, reader: Partial<XmlReader>): Promise<void> {
  if (!part) throw new FileError('noSheet');
  const whole: XmlReader = { open: () => {}, text: () => {}, close: () => {}, ...reader };
  for await (const _ of readXml(part.bytes(MAX_PART_BYTES), whole));
}
