import type { Request } from 'express';
import * as audit from '../../audit/audit.ts';
import type { Patience } from '../../platform/limiter.ts';
import { log } from '../../platform/log.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import type { Services } from '../../web/services.ts';
import { readDevice } from '../device.ts';
import { findUser } from '../users.ts';
import { tell } from './letters.ts';
import { isCode, labelOf, readCode } from './recovery.ts';
import { seal, unseal } from './seal.ts';
import * as sql from './sql.ts';
import { stepOf } from './totp.ts';

export type Proof =
  | { by: 'code' }
  /** `left`: codes that are left */
  | { by: 'recovery'; left: number }
  /** `wait`: seconds until the next attempt; 0: it was wrong, or was used before */
  | { by: null; wait: number };

interface Place {
  req: Request;
  services: Services;
  now: Date;
}

const GUESSES: Patience = { name: 'second-factor', free: 5, longest: 15 * 60 };

/** Whether the person holds the second factor: a code of the app, or one of the recovery codes. Either is taken once. */
export async function prove(place: Place, userId: string, given: string): Promise<Proof> {
  const { services } = place;
  const key = queueOf(place, userId);
  const wait = await services.limiter.attempt(GUESSES, key);
  if (wait > 0) return { by: null, wait };
  const digits = given.replace(/\s/g, '');
  const proof = /^\d{6}$/.test(digits) ? await byCode(place, userId, digits) : await byRecovery(place, userId, given);
  if (proof.by) await services.limiter.forget(GUESSES, key);
  return proof;
}

/** Of an authenticator that is being set up: the half minute whose code it shows. Throws FieldError `code`. */
export async function proveDraft(
  { services, now }: Place,
  userId: string,
  secret: string,
  given: string,
): Promise<bigint> {
  const key = `draft:${userId}`;
  if ((await services.limiter.attempt(GUESSES, key)) > 0) throw new FieldError('code', 'auth.profile.wait');
  const step = stepOf(secret, given.replace(/\s/g, ''), now);
  if (step === null) throw new FieldError('code', 'auth.secondFactor.wrong');
  await services.limiter.forget(GUESSES, key);
  return step;
}

/** Whoever knows the password can guess in the queue of strangers; the person's own browser has another one. */
function queueOf({ req, services }: Place, userId: string): string {
  const device = readDevice(req, services);
  return device?.users.includes(userId) ? `${device.id}:${userId}` : userId;
}

function byCode({ services, now }: Place, userId: string, code: string): Promise<Proof> {
  return services.tenancy.inPortal(async (db) => {
    const secret = await secretOf(db, services, userId);
    const step = secret === null ? null : stepOf(secret, code, now);
    const taken = step !== null && (await db.execute(sql.takeStep(userId, step))) > 0;
    return taken ? { by: 'code' } : WRONG;
  });
}

async function secretOf(db: PortalDb, { secrets }: Services, userId: string): Promise<string | null> {
  const [row] = await db.query<sql.FactorRow>(sql.byUser(userId));
  if (!row) return null;
  const opened = unseal(row.secret, userId, secrets);
  if (!opened) {
    log.error({ userId }, 'a second factor was sealed with another SESSION_SECRET: only recovery codes open it');
    return null;
  }
  if (opened.stale) await db.execute(sql.sealAnew(userId, row.secret, seal(opened.text, userId, secrets)));
  return opened.text;
}

async function byRecovery({ services, now }: Place, userId: string, given: string): Promise<Proof> {
  const code = readCode(given);
  if (code === null) return WRONG;
  return services.tenancy.inPortal(async (db) => {
    const [kept] = await db.query<{ code_hash: string }>(sql.unusedCode(userId, labelOf(code)));
    if (!kept || !(await isCode(code, kept.code_hash))) return WRONG;
    if ((await db.execute(sql.takeCode(userId, labelOf(code), kept.code_hash, now))) === 0) return WRONG;
    const [user, [row]] = [await findUser(db, userId), await db.query<sql.FactorRow>(sql.byUser(userId))];
    const left = row?.left ?? 0;
    await audit.write(db, { userId, action: 'secondFactor.recovered', subject: { id: userId, left } });
    if (user) await tell(db, user, 'used', { count: left });
    return { by: 'recovery', left };
  });
}

const WRONG: Proof = { by: null, wait: 0 };
