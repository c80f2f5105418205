import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../kernel/id.ts';
import { openFolder } from '../platform/folder.ts';
import { NO_PASSWORD_STAMP, type Rehearsal } from '../tenancy/watch.ts';
import type { Services } from '../web/services.ts';
import type { Registry, Sample } from './canaries.ts';
import { type Answer, type Asked, ask, type Inside, type OpenInside } from './inside.ts';
import * as sql from './sql.ts';
import { type Notebook, type Outcome, openNotebook } from './visit.ts';

/** Runs these jobs, which no worker will see. */
export type WorkOff = (services: Services, jobIds: readonly string[]) => Promise<void>;

// Of a longer list only what a search finds is exported: a rehearsal is one transaction, and ends soon.
const WHOLE_LIST = 2000;

/**
 * What has to be written before it can be read: an export and the link in its letter, an invitation, a reset of a password, a new customer
 * with another company's phone, and the page of the person behind a number. All of it is one transaction that is taken back, and
 * files that are thrown away: nobody in the company ever sees a trace of it.
 */
export async function rehearseAs(
  services: Services,
  open: OpenInside,
  workOff: WorkOff,
  { own, foreign, registry }: { own: Sample; foreign: Sample; registry: Registry },
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-walls-'));
  try {
    return await services.watching.rehearse(async (rehearsal) => {
      const there: Services = { ...services, tenancy: rehearsal.tenancy, files: openFolder(folder), limiter: FREE };
      const inside = await open(there);
      const book = openNotebook(services, own, registry);
      try {
        await play({ there, rehearsal, inside, book, workOff, own, foreign });
      } finally {
        await inside.close();
      }
      return book.close();
    });
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

async function play(stage: Stage): Promise<void> {
  const { there, own, foreign } = stage;
  const here = await enter(stage, own);
  const elsewhere = await enter(stage, foreign);
  const filter = await exportFilter(there, own);
  await here.post('POST /exports', '/exports', '/exports', { format: 'csv', filter });
  await here.post('POST /settings/users', '/settings/users', '/settings/users', { email: here.guest, role: 'viewer' });
  await here.post('POST /customers/new', '/customers/new', '/customers/new', strangersForm(foreign));
  await here.post('POST /password/forgot', '/password/forgot', '/password/forgot', { email: here.email });
  await workOffAll(stage);
  for (const link of [...(await here.letters(here.email)), ...(await here.letters(here.guest))]) {
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

interface Actor {
  email: string;
  guest: string;
  cookie: string;
  get(route: string, path: string, as?: 'stranger'): Promise<Answer>;
  post(route: string, page: string, path: string, form: Record<string, string>): Promise<Answer>;
  /** the links in the letters to an address */
  letters(address: string): Promise<string[]>;
}

/** A user of this company who is gone with the rehearsal. */
async function enter({ there, inside, book }: Stage, { company }: Sample): Promise<Actor> {
  const [userId, signInId] = [newId(), newId()];
  const [email, guest] = [`${userId}@watch.invalid`, `guest-${userId}@watch.invalid`];
  await there.tenancy.inPortal(async (db) => {
    await db.execute(sql.rehearsalUser(userId, email));
    await db.execute(sql.rehearsalMember(company.id, userId));
    await db.execute(sql.rehearsalSignIn(signInId, userId));
  });
  const cookie = await inside.signIn({ userId, signInId, passwordStamp: NO_PASSWORD_STAMP, companyId: company.id });
  const get: Actor['get'] = async (route, path, as) => {
    const answer = await ask(inside, path, as ? {} : { cookie });
    book.note(route, path, answer, decodeURIComponent(path));
    return answer;
  };
  return {
    email,
    guest,
    cookie,
    get,
    post: async (route, page, path, form) => {
      const answer = await send(inside, page, path, form, { cookie });
      book.note(route, path, answer, Object.values(form).join(' '));
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
  path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/^(\/(?:invitations|password\/reset)\/).+$/, '$1:token');

async function exportFilter({ tenancy }: Services, { company, customers }: Sample): Promise<string> {
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
