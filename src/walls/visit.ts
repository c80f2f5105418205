import { newId } from '../kernel/id.ts';
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
  /** rows of the route table that answered */
  routes: Set<string>;
  findings: sql.Finding[];
}

/** Notes what is in an answer. `said`: what the question named itself. */
export interface Notebook {
  readonly outcome: Outcome;
  note(route: string, path: string, answer: Answer, said: string): void;
  add(finding: Omit<sql.Finding, 'id' | 'shownTo'>): void;
  /** Settles what cannot be told from the answer alone. */
  close(): Promise<Outcome>;
}

/** Opens everything as an owner and as a program of the company, and looks at what it is shown. */
export async function visit(
  services: Pick<Services, 'tenancy'>,
  inside: Inside,
  watch: Watch,
  {
    own,
    foreign,
    registry,
    controls,
  }: { own: Sample; foreign: Sample; registry: Registry; controls: Map<string, number> },
  signal: AbortSignal,
): Promise<Outcome> {
  const watcher = watch.admit(own.company);
  const book = openNotebook(services, own, registry);
  try {
    const cookie = await inside.signIn({ ...watcher, companyId: own.company.id });
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
  return book.close();
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
  { company }: Pick<Sample, 'company'>,
  registry: Registry,
): Notebook {
  const outcome: Outcome = { answers: 0, failures: 0, routes: new Set(), findings: [] };
  const ledTo = new Map<string, { route: string; address: string }>();
  const doubts = new Map<string, Doubt>();
  const told = new Set<string>();
  const add: Notebook['add'] = (finding) => {
    const key = `${finding.route} ${finding.what} ${finding.detail}`;
    if (told.has(key)) return;
    told.add(key);
    outcome.findings.push({ ...finding, id: newId(), shownTo: company.id });
  };
  return {
    outcome,
    add,
    note: (route, path, { status, location, text }, said) => {
      outcome.answers++;
      if (status >= 500) outcome.failures++;
      else outcome.routes.add(route);
      const whole = `${location}\n${text}`;
      const address = hidden(path);
      for (const seen of registry.foreign(whole, company.id, said)) {
        if (seen.value === null) add({ ...seen, route, address });
        else doubts.set(`${route} ${seen.what} ${seen.value}`, { seen, route, address });
      }
      for (const id of leadsTo(whole)) if (!said.includes(id) && !ledTo.has(id)) ledTo.set(id, { route, address });
    },
    close: async () => {
      await settleDoubts(services, company.id, [...doubts.values()], add);
      await settleStrangers(services, company.id, ledTo, add);
      return outcome;
    },
  };
}

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
  add: Notebook['add'],
): Promise<void> {
  const ids = [...ledTo.keys()];
  const strangers = new Set(ids);
  for (let at = 0; at < ids.length; at += BATCH) {
    const rows = await inside(services, companyId, sql.owned(companyId, ids.slice(at, at + BATCH)));
    for (const { id } of rows) strangers.delete(String(id));
  }
  if (strangers.size === 0) return;
  for (const other of await services.tenancy.companiesOfOperator()) {
    if (other.id === companyId) continue;
    for (const { id } of await inside(services, other.id, sql.owned(other.id, [...strangers]))) {
      const place = ledTo.get(String(id));
      if (place) add({ ...place, belongsTo: other.id, what: 'stranger', detail: String(id) });
    }
  }
}

async function inside(
  { tenancy }: Pick<Services, 'tenancy'>,
  companyId: string,
  statement: ReturnType<typeof sql.companies>,
) {
  const company = await tenancy.companyOfJob({ companyId });
  return company ? tenancy.reading(company, (db) => db.query<Record<string, unknown>>(statement)) : [];
}
