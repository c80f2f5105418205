import type { PortalDb } from '../../tenancy/handles.ts';
import type { Context } from '../../web/context.ts';
import { readCookie } from '../../web/cookies.ts';
import { isSecure } from '../../web/session.ts';
import { CODE_MINUTES } from './code.ts';
import { hashToken, makeToken, seal, unseal } from './seal.ts';
import * as sql from './sql.ts';

/** A browser in which somebody named a number; it has nothing to do with the sessions of users. */
export interface Visit {
  /** E.164 */
  phone: string;
  phoneKey: string;
  /** the code it waits for; null: the number is proved */
  codeId: string | null;
  expiresAt: Date;
}

const MINUTE = 60_000;
const VISIT_MINUTES = 30;

/** null: nobody named a number here, or too long ago */
export async function readVisit(ctx: Context): Promise<Visit | null> {
  const token = readCookie(ctx.req, cookieName(ctx));
  if (!token) return null;
  const [row] = await ctx.services.tenancy.inPortal((db) =>
    db.query<sql.VisitRow>(sql.visit(hashToken(token), ctx.now)),
  );
  if (!row) return null;
  const { phone_key: phoneKey, code_id: codeId, expires_at: expiresAt } = row;
  return { phone: unseal(token, row.sealed), phoneKey, codeId, expiresAt };
}

/** Waits for this code from here on. */
export const beginVisit = (ctx: Context, db: PortalDb, phone: string, codeId: string): Promise<void> =>
  start(ctx, db, phone, codeId, CODE_MINUTES);

/** The number is proved. A new token: what was known before the proof opens nothing after it. */
export const proveVisit = (ctx: Context, db: PortalDb, phone: string): Promise<void> =>
  start(ctx, db, phone, null, VISIT_MINUTES);

async function start(ctx: Context, db: PortalDb, phone: string, codeId: string | null, minutes: number): Promise<void> {
  await forget(ctx, db);
  const { token, hash } = makeToken();
  const expiresAt = new Date(ctx.now.getTime() + minutes * MINUTE);
  const phoneKey = db.keyOfPhone(phone);
  const visit = { tokenHash: hash, phoneKey, sealed: seal(token, phone), codeId, now: ctx.now, expiresAt };
  await db.execute(sql.insertVisit(visit));
  ctx.res.cookie(cookieName(ctx), token, { ...cookie(ctx), maxAge: minutes * MINUTE });
}

/** The cookie opens nothing any more, wherever it was copied to. */
export async function endVisit(ctx: Context): Promise<void> {
  await ctx.services.tenancy.inPortal((db) => forget(ctx, db));
  ctx.res.clearCookie(cookieName(ctx), cookie(ctx));
}

async function forget(ctx: Context, db: PortalDb): Promise<void> {
  const token = readCookie(ctx.req, cookieName(ctx));
  if (token) await db.execute(sql.endVisit(hashToken(token)));
}

const cookieName = (ctx: Context) => (secureOf(ctx) ? '__Host-about' : 'about');
const cookie = (ctx: Context) => ({ httpOnly: true, secure: secureOf(ctx), sameSite: 'lax', path: '/' }) as const;
const secureOf = ({ services }: Context) => isSecure(services.config.publicUrl);
