import { pipeline } from 'node:stream/promises';
import type { StoredFile } from '../platform/files.ts';
import { log } from '../platform/log.ts';
import type { Context } from './context.ts';

interface Download {
  /** under which the browser saves it */
  name: string;
  type: string;
  /** writes down that the file goes out: a mere HEAD takes nothing */
  note: () => Promise<void>;
  /** what the log says of it where it breaks off */
  about?: Readonly<Record<string, string>>;
}

/** Sends a file of people's data: no cache keeps it, and no address leaks from it. */
export async function sendFile({ req, res }: Context, file: StoredFile, download: Download): Promise<void> {
  res.attachment(download.name);
  res.type(download.type);
  res.set({
    'Content-Length': String(file.size),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  if (req.method === 'HEAD') {
    file.stream.destroy();
    return void res.end();
  }
  await download.note();
  await pipeline(file.stream, res).catch((error: unknown) =>
    log.info({ err: error, ...download.about }, 'a download broke off'),
  );
}
