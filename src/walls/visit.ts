import { newId } from '../kernel/id.ts';
import { log } from '../platform/log.ts';
import type { Watch } from '../tenancy/watch.ts';
import type { Services } from '../web/services.ts';
import { type Question, questions } from './addresses.ts';
import { leadsTo, type Registry, type Sample, type Seen } from './canaries.ts';
import { type Answer, ask, type Inside } from './inside.ts';
import * as sql from './sql.ts';

/** What came of opening one company. */
export interface Outcome {
  answers: number;
  failures: number;
  /** whether it ended before its end: what was not opened is not known */
  broken: boolean;
  /** rows of the route table that answered */
  routes: Set<string>;
  findings: sql.Finding[];
}

/** Notes what is in an answer. `said`: what the question named itself. */
export interface Notebook {
  note(route: string, path: string, answer: Answer, said: string): void;
  add(finding: Omit<sql.Finding, 'id' | 'shownTo'>): void;
  /** Within a rehearsal: what is there alone is the company's own. */
  recognise(tenancy: Services['tenancy']): Promise<void>;
  /** What ends here did not come to its end. */
  failed(error: unknown): void;
  /** Settles what cannot be told from the answer alone. Never throws. */
  close(): Promise<Outcome>;
}

/** Opens everything as an owner and as a program of the company, and looks at what it is shown. */
export async function visit(
  inside: Inside,
  watch: Watch,
  { own, foreign, controls }: { own: Sample; foreign: Sample; controls: Map<string, number> },
  book: Notebook,
  signal: AbortSignal,
): Promise<void> {
  const watcher = watch.admit(own.company);
  try {
    const cookie = await inside.signIn({ ...watcher, factorStamp: null, companyId: own.company.id });
    const asking = { member: { cookie }, key: { key: watcher.key }, stranger: {} };
    for (const question of questions(inside.routes, own, foreign)) {
      signal.throwIfAborted();
      const answer = await ask(inside, question.path, asking[question.as]);
      book.note(question.route, question.path, answer, decoded(question.path));
      if (question.control === null) continue;
      const missing = await controlled(inside, question, asking[question.as], { controls, plan: own.company.plan });
      if (answer.status !== missing) {
        const detail = `${answer.status} ≠ ${missing}`;
        book.add({
          belongsTo: foreign.company.id,
          route: question.route,
          address: question.path,
          what: 'status',
          detail,
        });
      }
    }
  } finally {
    watch.leave(watcher);
  }
}

/** How a missing id is answered: asked once in a run, it is the same for all companies of a plan. */
async function controlled(
  inside: Inside,
  { route, control }: Question,
  asking: Parameters<typeof ask>[2],
  { controls, plan }: { controls: Map<string, number>; plan: string },
): Promise<number> {
  const key = `${plan} ${route} ${control?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`;
  const known = controls.get(key) ?? (await ask(inside, control ?? '', asking)).status;
  controls.set(key, known);
  return known;
}

function decoded(path: string): string {
  return `${path} ${decodeURIComponent(path.replaceAll('+', ' ').replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))}`;
}

interface Doubt {
  seen: Seen;
  route: string;
  address: string;
}

export function openNotebook(
  services: Pick<Services, 'tenancy'>,
  company: { id: string },
  registry: Registry,
): Notebook {
  const outcome: Outcome = { answers: 0, failures: 0, broken: false, routes: new Set(), findings: [] };
  const ledTo = new Map<string, { route: string; address: string }>();
  const doubts = new Map<string, Doubt>();
  const told = new Set<string>();
  const add: Notebook['add'] = (finding) => {
    const key = `${finding.route} ${finding.what} ${finding.detail}`;
    if (told.has(key)) return;
    told.add(key);
    outcome.findings.push({ ...finding, id: newId(), shownTo: company.id });
  };
  const failed: Notebook['failed'] = (error) => {
    log.error({ err: error, company: company.id }, 'a company could not be opened to the end');
    outcome.failures++;
    outcome.broken = true;
  };
  return {
    add,
    failed,
    note: (route, path, { status, location, text }, said) => {
      outcome.answers++;
      if (status >= 500) outcome.failures++;
      else if (!isTurnedAway(path, location)) outcome.routes.add(route);
      const whole = `${location}\n${text}`;
      const address = hidden(path);
      for (const seen of registry.foreign(whole, company.id, said)) {
        if (seen.value === null) add({ ...seen, route, address });
        else doubts.set(`${route} ${seen.what} ${seen.value}`, { seen, route, address });
      }
      for (const id of leadsTo(whole)) if (!said.includes(id) && !ledTo.has(id)) ledTo.set(id, { route, address });
    },
    recognise: async (tenancy) => {
      for (const id of await ownOf({ tenancy }, company.id, [...ledTo.keys()])) ledTo.delete(id);
    },
    close: async () => {
      try {
        await settleDoubts(services, company.id, [...doubts.values()], add);
        await settleStrangers(services, company.id, ledTo, registry.nobodys, add);
      } catch (error) {
        failed(error);
      }
      return outcome;
    },
  };
}

/** To where one signs in, or sets up a second factor: such an answer says nothing of the page that was asked for. */
export const isTurnedAway = (path: string, location: string): boolean =>
  ['/login', '/profile/security'].some((guard) => location.split('?')[0] === guard && path !== guard);

/** A search names people: the address is kept without what was looked for. */
const hidden = (path: string): string => path.replace(/([?&]q=)[^&]*/g, '$1…').slice(0, 500);

/** A phone or an e-mail may be of a customer of both. */
async function settleDoubts(
  services: Pick<Services, 'tenancy'>,
  companyId: string,
  doubts: readonly Doubt[],
  add: Notebook['add'],
): Promise<void> {
  const values = doubts.flatMap(({ seen }) => (seen.value === null ? [] : [seen.value, `+${seen.value}`]));
  if (values.length === 0) return;
  const rows = await inside(services, companyId, sql.known(companyId, values));
  const own = new Set(rows.map(({ value }) => String(value).replace(/^\+/, '')));
  for (const { seen, route, address } of doubts) if (!own.has(seen.value ?? '')) add({ ...seen, route, address });
}

const BATCH = 500;

/** Whatever customer or order a page leads to is the company's own, or it is somebody else's, or it is gone meanwhile. */
async function settleStrangers(
  services: Pick<Services, 'tenancy'>,
  companyId: string,
  ledTo: ReadonlyMap<string, { route: string; address: string }>,
  nobodys: Set<string>,
  add: Notebook['add'],
): Promise<void> {
  const ids = [...ledTo.keys()].filter((id) => !nobodys.has(id));
  const strangers = new Set(ids);
  for (const id of await ownOf(services, companyId, ids)) strangers.delete(id);
  if (strangers.size === 0) return;
  const somebodys = new Set<string>();
  for (const other of await services.tenancy.companiesOfOperator()) {
    if (other.id === companyId) continue;
    for (const id of await ownOf(services, other.id, [...strangers])) {
      const place = ledTo.get(id);
      if (place) add({ ...place, belongsTo: other.id, what: 'stranger', detail: id });
      somebodys.add(id);
    }
  }
  for (const id of strangers) if (!somebodys.has(id)) nobodys.add(id);
}

/** Of these ids, the company's own. */
async function ownOf(
  services: Pick<Services, 'tenancy'>,
  companyId: string,
  ids: readonly string[],
): Promise<string[]> {
  const own: string[] = [];
  for (let at = 0; at < ids.length; at += BATCH) {
    const rows = await inside(services, companyId, sql.owned(companyId, ids.slice(at, at + BATCH)));
    own.push(...rows.map(({ id }) => String(id)));
  }
  return own;
}

async function inside(
  { tenancy }: Pick<Services, 'tenancy'>,
  companyId: string,
  statement: ReturnType<typeof sql.companies>,
) {
  const company = await tenancy.companyOfJob({ companyId });
  return company ? tenancy.reading(company, (db) => db.query<Record<string, unknown>>(statement)) : [];
}
