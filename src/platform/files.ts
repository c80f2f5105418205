import { join } from 'node:path';
import { openBucket, readBucket } from './bucket.ts';
import { type FileStore, openFolder } from './folder.ts';

export type { Draft, FileStore, StoredFile } from './folder.ts';

/** The file store: the bucket of S3_URL, else a folder in DATA_DIR. */
export function openFiles({ dataDir, s3Url }: { dataDir: string; s3Url: string | undefined }): FileStore {
  const folder = openFolder(join(dataDir, 'files'));
  return s3Url === undefined ? folder : openBucket(readBucket(s3Url), folder);
}
