import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import type { Express } from 'express';
import request from 'supertest';
import { runJob } from '../jobs/run.ts';
import { makeApp as makeExpress } from '../src/app.ts';
import { addMember, createUser, newUser } from '../src/auth/auth.ts';
import { createCompany, newCompany } from '../src/companies/companies.ts';
import { openInside } from '../src/inside.ts';
import { newId } from '../src/kernel/id.ts';
import { makeKey } from '../src/keys/keys.ts';
import { type Channels, openChannels } from '../src/platform/channels.ts';
import { readConfig } from '../src/platform/config.ts';
import { type Database, openDatabase, sql } from '../src/platform/db.ts';
import { openFiles } from '../src/platform/files.ts';
import { openLimiter } from '../src/platform/limiter.ts';
import type { Company, Locale, Role } from '../src/tenancy/company.ts';
import { openTenancy, type Scope, type Tenancy } from '../src/tenancy/tenancy.ts';
import { openWatching } from '../src/tenancy/watch.ts';
import type { Services } from '../src/web/services.ts';
import { openSessionStore } from '../src/web/session-store.ts';
import { testDatabase } from './setup/database.ts';
import { keyOfPhone, PHONE_KEY } from './setup/phone-key.ts';

/** A whole portal on a database of its own: `const portal = await makeApp()`, `afterAll(() => portal.close())`. */
export interface TestApp {
  app: Express;
  services: Services;
  tenancy: Tenancy;
  /** the superuser's connections, past every wall: to look and to arrange, never what a test is about */
  database: Database;
  /** Sets the clock that handlers and jobs read; it stands still. null: back to the real time. */
  setNow(at: Date | null): void;
  /** Runs the jobs that are due, and those they bring, until none is left. */
  runJobs(): Promise<void>;
  close(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

/** `settings`: variables of DESIGN §11 that are not the default. */
export async function makeApp(settings: Settings = {}): Promise<TestApp> {
  const test = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-'));
  const config = readConfig({ DATA_DIR: dataDir, DATABASE_URL: test.url, PORT: '3000', ...settings });
  const owner = openDatabase(test.url, 5);
  const database = openDatabase(superuserUrl(test.url), 2);
  const tenancy = openTenancy(owner, () => {}, keyOfPhone);
  const sessionStore = await openSessionStore(test.url, config.redisUrl);
  const limiter = await openLimiter(test.url, config.redisUrl);
  const channels = await openChannels(config);
  let now: Date | null = null;
  const services: Services = {
    config,
    secrets: { sessionSecret: 'the secret of the test sessions', phoneKey: PHONE_KEY },
    database: owner,
    tenancy,
    watching: openWatching(owner, keyOfPhone),
    clock: () => now ?? new Date(),
    files: openFiles(config),
    queue: silentQueue,
    limiter,
  };
  return {
    app: makeExpress(services, sessionStore),
    services,
    tenancy,
    database,
    setNow: (at) => {
      now = at;
    },
    runJobs: () => runJobs(services, channels, database),
    close: async () => {
      await Promise.all([sessionStore.close(), limiter.close()]);
      await Promise.all([owner.close(), database.close()]);
      await test.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function superuserUrl(url: string): string {
  const address = new URL(url);
  address.username = 'postgres';
  return address.href;
}

// Nobody has to be woken: `runJobs` looks at the rows, which are the truth.
const silentQueue: Services['queue'] = {
  wake: () => {},
  work: async () => ({ close: async () => {} }),
  ready: async () => true,
  close: async () => {},
};

async function runJobs(services: Services, channels: Channels, { prisma }: Database): Promise<void> {
  const bench = { services, channels, mailer: null, inside: openInside, stopping: new AbortController().signal };
  const due = () =>
    prisma.$queryRaw<{ id: string }[]>(sql`select id from job where due_at <= now() order by created_at`);
  for (let jobs = await due(); jobs.length > 0; jobs = await due()) {
    for (const { id } of jobs) await runJob(bench, id);
  }
}

interface CompanyWishes {
  slug?: string;
  name?: string;
  country?: string;
  currency?: string;
  timezone?: string;
  locale?: Locale;
  plan?: 'paid' | 'free';
  identity?: 'automatic' | 'ask';
}

/** A Ukrainian company with a paid plan, unless wished otherwise; no two have the same name. */
export async function makeCompany({ tenancy, database }: TestApp, wishes: CompanyWishes = {}): Promise<Company> {
  const number = next();
  const { identity = 'automatic', ...rest } = wishes;
  const given = { country: 'UA', currency: 'UAH', timezone: 'Europe/Kyiv', ...rest };
  const input = newCompany.parse({ slug: `company-${number}`, name: `Company ${number}`, ...given });
  const id = await tenancy.inPortal((db) => createCompany(db, input, null));
  await database.prisma.$executeRaw(sql`update company set identity = ${identity} where id = ${id}::uuid`);
  const company = await tenancy.companyOfJob({ companyId: id });
  if (!company) throw new Error('The company was not made');
  return company;
}

export interface TestUser {
  id: string;
  email: string;
  password: string;
  name: string;
}

interface UserWishes {
  email?: string;
  name?: string;
  password?: string;
  locale?: Locale;
  moderator?: boolean;
  admin?: boolean;
  company?: Company;
  /** owner unless wished otherwise */
  role?: Role;
}

export async function makeUser({ tenancy }: TestApp, wishes: UserWishes = {}): Promise<TestUser> {
  const number = next();
  const { company, role = 'owner', ...rest } = wishes;
  const input = newUser.parse({
    email: `user-${number}@example.com`,
    name: `User ${number}`,
    password: `password of user ${number}`,
    ...rest,
  });
  const id = await tenancy.inPortal(async (db) => {
    const userId = await createUser(db, input, null, quickHash);
    if (company) await addMember(db, { companyId: company.id, userId, role }, null);
    return userId;
  });
  return { id, email: input.email, password: input.password, name: input.name };
}

/** The weakest there is: hundreds of tests sign in, and what a real hash costs is tested where passwords are. */
const quickHash = (password: string) => hash(password, { memoryCost: 8, timeCost: 1 });

/** A second company for somebody who is there already. */
export async function joinCompany(
  { tenancy }: TestApp,
  user: TestUser,
  company: Company,
  role: Role = 'owner',
): Promise<void> {
  await tenancy.inPortal((db) => addMember(db, { companyId: company.id, userId: user.id, role }, null));
}

/** The text of a bearer key: of one company, or of the portal. */
export async function apiKey(
  { tenancy }: TestApp,
  company: Company | null,
  scopes?: readonly Scope[],
): Promise<string> {
  const wanted = { companyId: company?.id ?? null, name: 'test', scopes: scopes ?? ['ingest', 'read'], userId: null };
  const { key } = await tenancy.inPortal((db) => makeKey(db, wanted));
  return key;
}

/** The letters to one address, newest first. */
export const letters = ({ database }: TestApp, address: string): Promise<{ subject: string; body: string }[]> =>
  database.prisma.$queryRaw(
    sql`select subject, body from outbox where address = ${address} order by created_at desc, id desc`,
  );

type Fields = Record<string, string | readonly string[]>;

/** A browser that keeps its cookies and sends forms as our pages print them. */
export class Visitor {
  readonly agent: ReturnType<typeof request.agent>;
  /** of the last form it saw */
  csrf = '';
  companyId: string | null = null;

  constructor({ app }: Pick<TestApp, 'app'>) {
    this.agent = request.agent(app);
  }

  async get(path: string): Promise<request.Response> {
    return this.#look(await this.agent.get(path));
  }

  /** Sends a form with the token, and the company, of the last form that was shown; `fields` may replace both. */
  async post(path: string, fields: Fields = {}): Promise<request.Response> {
    const hidden: Fields = { _csrf: this.csrf, ...(this.companyId ? { _company: this.companyId } : {}) };
    return this.#look(
      await this.agent
        .post(path)
        .type('form')
        .send({ ...hidden, ...fields }),
    );
  }

  #look(response: request.Response): request.Response {
    this.csrf = hiddenField(response.text, '_csrf') ?? this.csrf;
    this.companyId = hiddenField(response.text, '_company') ?? this.companyId;
    return response;
  }
}

export function hiddenField(html: string | undefined, name: string): string | null {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html ?? '')?.[1] ?? null;
}

/** Signs in as a person does, and looks at a first page, so that the next form can be sent. */
export async function signIn(portal: TestApp, user: TestUser): Promise<Visitor> {
  const visitor = new Visitor(portal);
  await visitor.get('/login');
  const answer = await visitor.post('/login', { email: user.email, password: user.password });
  if (answer.status !== 303) throw new Error(`The sign-in was answered ${answer.status}`);
  await visitor.get('/profile');
  return visitor;
}

/** Somebody signed in to a company: `const owner = await memberOf(portal, company)`. */
export async function memberOf(portal: TestApp, company: Company, role: Role = 'owner'): Promise<Visitor> {
  return signIn(portal, await makeUser(portal, { company, role }));
}

let count = 0;
const next = () => `${++count}-${newId().slice(-6)}`;
