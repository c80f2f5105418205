import { testMalformed } from './malformed.ts';
import { XLSX_FILES } from './xlsx-files.ts';

testMalformed(XLSX_FILES);
