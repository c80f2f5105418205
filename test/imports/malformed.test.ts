import { testMalformed } from './malformed.ts';
import { TEXT_FILES } from './text-files.ts';

testMalformed(TEXT_FILES);
