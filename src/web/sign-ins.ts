import type { Request } from 'express';
import { newId } from '../kernel/id.ts';
import type { Services } from './services.ts';
import * as sql from './sql.ts';

const MINUTES = 5;
const LONGEST = 400;

/** Writes down where somebody signs in. Answers the id for the session to carry: without the row it is over. */
export async function noteSignIn(req: Request, services: Services, userId: string, now: Date): Promise<string> {
  const id = newId();
  const [browser, address] = [browserOf(req), req.ip ?? ''];
  await services.tenancy.inPortal((db) => db.execute(sql.insertSignIn({ id, userId, browser, address, now })));
  return id;
}

/** Not for every page: the time is right to some minutes. */
export async function noteSeen(req: Request, services: Services, id: string, seenAt: Date, now: Date): Promise<void> {
  if (now.getTime() - seenAt.getTime() < MINUTES * 60_000) return;
  await services.tenancy.inPortal((db) => db.execute(sql.seen(id, req.ip ?? '', now)));
}

// A text with a NUL is none that the database takes.
const browserOf = (req: Request) => (req.get('user-agent') ?? '').replaceAll('\0', '').slice(0, LONGEST);
