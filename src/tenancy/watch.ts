import { createHash, randomBytes } from 'node:crypto';
import { newId } from '../kernel/id.ts';
import type { Database, Sql, TransactionClient } from '../platform/db.ts';
import { type Company, type CompanyRow, proved } from './company.ts';
import type { PortalDb } from './handles.ts';
import { inSnapshot } from './snapshot.ts';
import * as sql from './sql.ts';
import { type Doors, hashKey, type Member, openDoors, type Tenancy, tenancyBehind } from './tenancy.ts';
import { type Outside, takenBack } from './transactions.ts';

/** Somebody who only looks: no row names them, nothing outside this process knows them, and no address signs them in. */
export interface Watcher {
  userId: string;
  passwordStamp: string;
  signInId: string;
  /** of the API; reads alone */
  key: string;
}

/** The portal as it is, behind the same doors, with two differences: who comes in, and that nothing that is written stays. */
export interface Watch {
  readonly tenancy: Tenancy;
  /** Sees what an owner of the company sees, until `leave`. */
  admit(company: Company): Watcher;
  leave(watcher: Watcher): void;
}

/** One transaction over everything, as long as it lasts: what is written in it can be read in it, and all of it is taken back. */
export interface Rehearsal {
  readonly tenancy: Tenancy;
  /** the job rows written in it, oldest first; no worker ever sees them */
  readonly woken: string[];
}

export interface Watching {
  watch(): Watch;
  /** `seconds`: how long it may last at most; five minutes unless said otherwise */
  rehearse<T>(work: (rehearsal: Rehearsal) => Promise<T>, seconds?: number): Promise<T>;
}

export function openWatching(database: Database, keyOfPhone: Outside['keyOfPhone']): Watching {
  return {
    watch: () => openWatch(database, keyOfPhone),
    rehearse: (work, seconds) => rehearse(database, keyOfPhone, work, seconds),
  };
}

function openWatch(database: Database, keyOfPhone: Outside['keyOfPhone']): Watch {
  const watchers = new Map<string, { watcher: Watcher; companyId: string }>();
  // What is written down names who did it: for as long as that lasts, and only then, there is such a user.
  const takesBack = () => [sql.enterPortal(), ...[...watchers.keys()].map((id) => sql.passing(id, addressOf(id)))];
  const doors = openDoors(database, { wake: () => {}, keyOfPhone, takesBack });
  const one = async (statement: Sql) => {
    const [row] = await doors.glance<CompanyRow>(statement);
    return row ? proved(row) : null;
  };
  return {
    admit: ({ id: companyId }) => {
      const key = `clk_${randomBytes(32).toString('base64url')}`;
      const watcher = { userId: newId(), passwordStamp: randomBytes(16).toString('hex'), signInId: newId(), key };
      watchers.set(watcher.userId, { watcher, companyId });
      return watcher;
    },
    leave: ({ userId }) => void watchers.delete(userId),
    tenancy: {
      ...tenancyBehind(doors),
      member: async (userId) => {
        const known = watchers.get(userId);
        const company = known ? await one(sql.companyById(known.companyId)) : null;
        return known && company ? memberOf(known.watcher, company) : null;
      },
      keyHolder: async (key, slug) => {
        const known = [...watchers.values()].find(({ watcher }) => watcher.key === key);
        if (!known) return null;
        const named = slug === null ? null : await one(sql.companyBySlug(slug));
        const company = named?.id === known.companyId ? named : null;
        return { keyId: hashKey(key), portal: false, scopes: ['read', 'send'], company };
      },
    },
  };
}

function memberOf({ userId, passwordStamp }: Watcher, company: Company): Member {
  return {
    user: { id: userId, email: addressOf(userId), name: 'Watch', locale: company.locale, theme: 'auto' },
    moderator: false,
    admin: false,
    companies: 1,
    passwordStamp,
    factorStamp: null,
    portalWantsSecondFactor: false,
    held: false,
    seenAt: new Date(),
    unread: 0,
    duplicates: 0,
    cases: 0,
    membership: { company, role: 'owner', wantsSecondFactor: false },
  };
}

const addressOf = (userId: string): string => `${userId}@watch.invalid`;

/** `Member.passwordStamp` of a user who has no password. */
export const NO_PASSWORD_STAMP = createHash('sha256').update('').digest('hex');

const MOST_SECONDS = 300;

function rehearse<T>(
  database: Database,
  keyOfPhone: Outside['keyOfPhone'],
  work: (rehearsal: Rehearsal) => Promise<T>,
  seconds = MOST_SECONDS,
): Promise<T> {
  const limits = { maxWait: 10_000, timeout: seconds * 1000 };
  return takenBack(
    database,
    async (tx) => {
      const woken: string[] = [];
      const doors = nested(database, tx, keyOfPhone, woken);
      return work({ tenancy: tenancyBehind(doors), woken });
    },
    limits,
  );
}

/** Each transaction becomes a part of the one, in turn: a connection has one role at a time. */
function nested(database: Database, tx: TransactionClient, keyOfPhone: Outside['keyOfPhone'], woken: string[]): Doors {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(step: () => Promise<R>): Promise<R> => {
    const done = turn.then(step);
    turn = done.catch(() => {});
    return done;
  };
  const handle = {
    query: <Row>(statement: Sql) => tx.$queryRaw<Row[]>(statement),
    execute: (statement: Sql) => tx.$executeRaw(statement),
    tables: tx,
    keyOfPhone,
    wake: (jobId: string) => void (woken.includes(jobId) || woken.push(jobId)),
  };
  const part = <R>(enter: Sql, work: () => Promise<R>) =>
    inTurn(async () => {
      await tx.$executeRaw(sql.beginPart);
      try {
        await tx.$queryRaw(enter);
        const result = await work();
        await tx.$executeRaw(sql.endPart);
        return result;
      } catch (error) {
        await tx.$executeRaw(sql.dropPart);
        throw error;
      }
    });
  const inPortal: Doors['inPortal'] = (work) =>
    part(sql.enterPortal(), () => work({ ...handle, portal: true } satisfies PortalDb));
  const inCompany: Doors['inCompany'] = (company, work) =>
    part(sql.enterCompany(company.id), () => work({ ...handle, company }));
  const one = async (statement: Sql) => {
    const [row] = await inPortal((db) => db.query<CompanyRow>(statement));
    return row ? proved(row) : null;
  };
  return {
    glance: (statement) => inPortal((db) => db.query(statement)),
    inCompany,
    inPortal,
    reading: inCompany,
    readingPortal: inPortal,
    readingWithin: (company, _milliseconds, work) => inCompany(company, work),
    // A snapshot of its own, which knows nothing of the rehearsal: long reads do not belong into it.
    inSnapshot: (company, work) => inSnapshot(database, company, work),
    companyOfToken: (companyId) => one(sql.companyById(companyId)),
    companyOfCode: async (number, code) => {
      const company = await one(sql.companyByNumber(number));
      const known = company && (await inCompany(company, (db) => db.query(sql.hasCode(code))));
      return known && known.length > 0 ? company : null;
    },
  };
}
