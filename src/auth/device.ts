import { createHmac, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { isSame } from '../kernel/same.ts';
import { readCookie } from '../web/cookies.ts';
import type { Services } from '../web/services.ts';
import { isSecure } from '../web/session.ts';

/** A browser, and the accounts that were signed in to from it. */
export interface Device {
  id: string;
  users: string[];
}

const content = z.object({ id: z.string(), users: z.array(z.string()) });
const MOST_USERS = 5;
const LIFETIME = 180 * 24 * 60 * 60 * 1000;

/** null: a new browser, or a cookie that we did not sign */
export function readDevice(req: Request, services: Services): Device | null {
  const [body = '', signature = ''] = (readCookie(req, cookieName(services)) ?? '').split('.');
  if (!body || !isSame(signature, sign(body, services))) return null;
  return content.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
}

/** Remembers that this account was signed in to here. It opens nothing: it only spares the next sign-in the queue of strangers. */
export function rememberDevice(req: Request, res: Response, services: Services, userId: string): void {
  const known = readDevice(req, services) ?? { id: randomBytes(12).toString('base64url'), users: [] };
  const users = [userId, ...known.users.filter((other) => other !== userId)].slice(0, MOST_USERS);
  const body = Buffer.from(JSON.stringify({ id: known.id, users })).toString('base64url');
  const secure = isSecure(services.config.publicUrl);
  const options = { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: LIFETIME } as const;
  res.cookie(cookieName(services), `${body}.${sign(body, services)}`, options);
}

const cookieName = ({ config }: Services) => (isSecure(config.publicUrl) ? '__Host-device' : 'device');

const sign = (body: string, { secrets }: Services) =>
  createHmac('sha256', secrets.sessionSecret).update(`device:${body}`).digest('base64url');
