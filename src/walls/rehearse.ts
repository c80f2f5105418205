import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../kernel/id.ts';
import { openFolder } from '../platform/folder.ts';
import { NO_PASSWORD_STAMP, type Rehearsal } from '../tenancy/watch.ts';
import type { Services } from '../web/services.ts';
import type { Sample } from './canaries.ts';
import { type Answer, type Asked, ask, type Inside, type OpenInside } from './inside.ts';
import * as sql from './sql.ts';
import { isTurnedAway, type Notebook } from './visit.ts';

/** Runs these jobs, which no worker will see. */
export type WorkOff = (services: Services, jobIds: readonly string[]) => Promise<void>;

// Of a longer list only what a search finds is exported: a rehearsal is one transaction, and ends soon.
const WHOLE_LIST = 2000;

// As many as a company may wait for.
const MOST_EXPORTS = 3;

// One who writes a customer waits for whoever else writes one in that company.
const FORM_SECONDS = 20;

/**
 * What has to be written before it can be read: an export and the link in its letter, an invitation, a reset of a password, the page of
 * the person behind a number, and, in a short one of its own, a new customer with another company's phone. Each is one transaction that
 * is taken back, with files that are thrown away: nobody in the company ever sees a trace of it.
 */
export async function rehearseAs(
  services: Services,
  open: OpenInside,
  workOff: WorkOff,
  { own, foreign }: { own: Sample; foreign: Sample },
  book: Notebook,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-walls-'));
  const rehearse = (play: (stage: Stage) => Promise<void>, seconds?: number) =>
    services.watching.rehearse(async (rehearsal) => {
      const there: Services = { ...services, tenancy: rehearsal.tenancy, files: openFolder(folder), limiter: FREE };
      const inside = await open(there);
      try {
        await play({ there, rehearsal, inside, book, workOff, own, foreign });
        await book.recognise(there.tenancy);
      } finally {
        await inside.close();
      }
    }, seconds);
  try {
    await rehearse(writeLetters);
    await rehearse(addCustomer, FORM_SECONDS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whoever looks at the walls takes nobody's turn. */
export const FREE: Services['limiter'] = {
  take: async () => 0,
  attempt: async () => 0,
  forgive: async () => {},
  forget: async () => {},
  close: async () => {},
};

interface Stage {
  there: Services;
  rehearsal: Rehearsal;
  inside: Inside;
  book: Notebook;
  workOff: WorkOff;
  own: Sample;
  foreign: Sample;
}

async function writeLetters(stage: Stage): Promise<void> {
  const { there, own, foreign } = stage;
  const here = await enter(stage, own);
  const elsewhere = await enter(stage, foreign);
  const filter = await exportFilter(there, own);
  if (filter !== null) await here.post('POST /exports', '/exports', '/exports', { format: 'csv', filter }, '/exports/');
  const guest = { email: here.guest, role: 'viewer' };
  await here.post('POST /settings/users', '/settings/users', '/settings/users', guest, '/invitations/');
  const forgot = { email: here.email };
  await here.post('POST /password/forgot', '/password/forgot', '/password/forgot', forgot, '/password/reset/');
  await workOffAll(stage);
  const links = [...(await here.letters(here.email)), ...(await here.letters(here.guest))];
  for (const awaited of here.awaited)
    if (!links.some((link) => link.includes(awaited))) throw new Error(`No letter came with a link to ${awaited}`);
  for (const link of links) {
    await here.get(`GET ${pattern(link)}`, link);
    await here.get(`GET ${pattern(link)}`, link, 'stranger');
    const trespass = await ask(stage.inside, link, { cookie: elsewhere.cookie });
    if (link.includes('/exports/') && trespass.status !== 404) {
      const detail = `${trespass.status} ≠ 404`;
      stage.book.add({
        belongsTo: own.company.id,
        route: `GET ${pattern(link)}`,
        address: link,
        what: 'status',
        detail,
      });
    }
  }
  if (own.watch) await aboutMe(stage);
}

/** Nothing comes after it: from here on everybody waits who writes a customer of this company. */
async function addCustomer(stage: Stage): Promise<void> {
  const here = await enter(stage, stage.own);
  await here.post('POST /customers/new', '/customers/new', '/customers/new', strangersForm(stage.foreign));
}

interface Actor {
  email: string;
  guest: string;
  cookie: string;
  get(route: string, path: string, as?: 'stranger'): Promise<Answer>;
  /** `letter`: where the link leads in the letter that has to come of it, unless the company's plan refuses it. */
  post(route: string, page: string, path: string, form: Record<string, string>, letter?: string): Promise<Answer>;
  readonly awaited: readonly string[];
  /** the links in the letters to an address */
  letters(address: string): Promise<string[]>;
}

/** A user of this company who is gone with the rehearsal. */
async function enter({ there, inside, book }: Stage, { company }: Sample): Promise<Actor> {
  const [userId, signInId, factorStamp] = [newId(), newId(), newId()];
  const awaited: string[] = [];
  const [email, guest] = [`${userId}@watch.invalid`, `guest-${userId}@watch.invalid`];
  await there.tenancy.inPortal(async (db) => {
    await db.execute(sql.rehearsalUser(userId, email));
    await db.execute(sql.rehearsalMember(company.id, userId));
    await db.execute(sql.rehearsalSignIn(signInId, userId));
    // Some companies let nobody in without.
    await db.execute(sql.rehearsalFactor(userId, factorStamp));
  });
  const who = { userId, signInId, passwordStamp: NO_PASSWORD_STAMP, factorStamp, companyId: company.id };
  const cookie = await inside.signIn(who);
  const get: Actor['get'] = async (route, path, as) => {
    const answer = await ask(inside, path, as ? {} : { cookie });
    book.note(route, path, answer, decodeURIComponent(path));
    return answer;
  };
  return {
    email,
    guest,
    cookie,
    awaited,
    get,
    post: async (route, page, path, form, letter) => {
      const answer = await send(inside, page, path, form, { cookie });
      book.note(route, path, answer, Object.values(form).join(' '));
      if (isTurnedAway(path, answer.location)) throw new Error(`${route} was turned away to ${answer.location}`);
      const refused = answer.status === 403 && company.plan === 'free';
      if (letter && !refused) awaited.push(letter);
      return answer;
    },
    letters: async (address) => {
      const rows = await there.tenancy.inPortal((db) => db.query<{ text: string }>(sql.letters(address)));
      for (const { text } of rows) book.note('letter', address, { status: 200, location: '', text, cookie: null }, '');
      return rows.flatMap(({ text }) => linksIn(text, there.config.publicUrl));
    },
  };
}

/** Opens the page with the form, and sends it. */
async function send(
  inside: Inside,
  page: string,
  path: string,
  form: Record<string, string>,
  asked: Asked,
): Promise<Answer> {
  const shown = await ask(inside, page, asked);
  const cookie = shown.cookie ?? asked.cookie;
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(shown.text)?.[1];
  const [token, company] = [hidden('_csrf'), hidden('_company')];
  const answer = await ask(inside, path, {
    method: 'POST',
    ...(cookie ? { cookie } : {}),
    form: { ...(token ? { _csrf: token } : {}), ...(company ? { _company: company } : {}), ...form },
  });
  return { ...answer, cookie: answer.cookie ?? cookie ?? null };
}

const linksIn = (text: string, publicUrl: string): string[] =>
  text
    .split(/[\s"<>]+/)
    .filter((word) => word.startsWith(`${publicUrl}/`))
    .map((word) => word.slice(publicUrl.length).replace(/[.,;]$/, ''));

const pattern = (path: string): string =>
  path
    .replace(/^(\/companies\/)[0-9a-f-]{36}/, '$1:company')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    .replace(/^(\/(?:invitations|password\/reset)\/).+$/, '$1:token');

/** null: the company waits for so many that none is taken */
async function exportFilter({ tenancy }: Services, { company, customers }: Sample): Promise<string | null> {
  const waiting = await tenancy.reading(company, (db) => db.query(sql.unfinishedExports(company.id)));
  if (waiting.length >= MOST_EXPORTS) return null;
  const [counted] = await tenancy.reading(company, (db) =>
    db.query<{ count: number }>(sql.small(company.id, WHOLE_LIST)),
  );
  if ((counted?.count ?? 0) <= WHOLE_LIST) return '';
  const [first] = customers;
  return new URLSearchParams({ q: first?.email ?? first?.phone ?? 'nobody' }).toString();
}

/** Whether somebody with this phone is there already is nobody's to know but the company's whose customer it is. */
function strangersForm({ customers }: Sample): Record<string, string> {
  const [first] = customers;
  return { name: 'Watch', 'phones.0': first?.phone ?? '', 'emails.0': first?.email ?? '' };
}

async function workOffAll({ there, rehearsal, workOff }: Stage): Promise<void> {
  const done = new Set<string>();
  for (let left = rehearsal.woken.slice(); left.length > 0; left = rehearsal.woken.filter((id) => !done.has(id))) {
    await workOff(there, left);
    for (const id of left) done.add(id);
  }
}

const ABOUT = '/about-me';

/** The person behind a number of the portal's own, who is known to this company alone. */
async function aboutMe({ there, inside, book, own }: Stage): Promise<void> {
  const phone = own.customers.find((customer) => customer.phone)?.phone;
  if (!phone) return;
  const asked = await send(inside, ABOUT, ABOUT, { phone }, {});
  const cookie = asked.cookie;
  const rows = await there.tenancy.inPortal((db) => db.query<{ text: string }>(sql.letters(phone)));
  const code = /\d{6}/.exec(rows[0]?.text ?? '')?.[0];
  if (!code || !cookie) throw new Error('No code came for the page about oneself');
  const proved = await send(inside, `${ABOUT}/code`, `${ABOUT}/code`, { code }, { cookie });
  const mine = inside.routes.filter(
    ({ method, path }) => method === 'GET' && path.startsWith(ABOUT) && !path.includes(':'),
  );
  for (const { path } of mine) {
    const answer = await ask(inside, path, { cookie: proved.cookie ?? cookie });
    book.note(`GET ${path}`, path, answer, phone);
  }
}
