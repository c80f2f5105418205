import * as outbox from '../outbox/outbox.ts';
import { translator } from '../platform/i18n.ts';
import { log } from '../platform/log.ts';
import type { Locale } from '../tenancy/company.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import { nameOf, openable } from './addresses.ts';
import { makeRegistry, type Sample, takeSample } from './canaries.ts';
import type { OpenInside } from './inside.ts';
import { FREE, rehearseAs, type WorkOff } from './rehearse.ts';
import * as sql from './sql.ts';
import { type Outcome, openNotebook, visit } from './visit.ts';

/** What lies above this floor, and has to be handed down to it. */
export interface Means {
  open: OpenInside;
  workOff: WorkOff;
}

// Every hour a part, so that all are opened within a day; more than this at once would keep a worker busy for too long.
const PARTS = 20;
const LEAST = 10;
const MOST = 100;

/** Opens companies and writes down what came of it. Begins anew when it was cut off; may run beside another one. */
export async function look(
  services: Services,
  { open, workOff }: Means,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  const { tenancy, clock } = services;
  const begun = await tenancy.inPortal(async (db) => {
    const rows = await db.query(sql.begin(runId, clock()));
    if (rows.length > 0) await db.execute(sql.dropFindings(runId));
    return rows.length > 0;
  });
  if (!begun) return;
  const { samples, unread } = await sampleCompanies(services);
  const registry = makeRegistry(samples);
  const watch = services.watching.watch();
  const inside = await open({ ...services, tenancy: watch.tenancy, limiter: FREE });
  const table = new Set(openable(inside.routes).map(nameOf));
  const total = samples.length + unread.length;
  const tally = openTally(services, { runId, total, table, canaries: registry.size });
  try {
    for (const { id, outcome } of unread) await tally.add(id, outcome);
    const controls = new Map<string, number>();
    for (const own of samples) {
      const foreign = neighbour(samples, own);
      if (!foreign) break;
      const round = { own, foreign, controls };
      const book = openNotebook(services, own.company, registry);
      // What cannot be opened in one company holds up none of the others, nor what is left of its own.
      for (const part of [
        () => visit(inside, watch, round, book, signal),
        () => rehearseAs(services, open, workOff, round, book),
      ]) {
        await part().catch(book.failed);
        signal.throwIfAborted();
      }
      await tally.add(own.company.id, await book.close());
    }
  } finally {
    await inside.close();
  }
  await tally.end();
}

/** `unread`: those of which not even that could be taken. */
async function sampleCompanies(
  services: Services,
): Promise<{ samples: Sample[]; unread: { id: string; outcome: Outcome }[] }> {
  const { tenancy, clock } = services;
  const rows = await tenancy.inPortal(async (db) => {
    const [all] = await db.query<{ count: number }>(sql.companies());
    const part = Math.min(MOST, Math.max(LEAST, Math.ceil((all?.count ?? 0) / PARTS)));
    return db.query<sql.CompanyRow>(sql.next(part));
  });
  const samples: Sample[] = [];
  const unread: { id: string; outcome: Outcome }[] = [];
  for (const row of rows) {
    try {
      const sample = await takeSample(services, row, clock());
      if (sample) samples.push(linked(sample));
    } catch (error) {
      const book = openNotebook(services, row, makeRegistry([]));
      book.failed(error);
      unread.push({ id: row.id, outcome: await book.close() });
    }
  }
  return { samples, unread };
}

/** The address in a message that leads to where its person says no. */
const linked = (sample: Sample): Sample => {
  const { code } = sample.ids;
  return code ? { ...sample, ids: { ...sample.ids, link: `${sample.number.toString(36)}.${code}` } } : sample;
};

/** Whose ids are put into the company's addresses: one of the portal's own, which have something of every kind. */
function neighbour(samples: readonly Sample[], own: Sample): Sample | undefined {
  const others = samples.filter(({ company }) => company.id !== own.company.id);
  return others.find(({ watch }) => watch) ?? others[0];
}

function openTally(
  services: Services,
  { runId, total, table, canaries }: { runId: string; total: number; table: ReadonlySet<string>; canaries: number },
) {
  const { tenancy, clock } = services;
  const routes = new Set<string>();
  let broken = false;
  const figures = {
    companiesTotal: total,
    companies: 0,
    addresses: 0,
    addressesTotal: table.size,
    answers: 0,
    failures: 0,
    canaries,
    leaks: 0,
  };
  return {
    /** Also one that broke has had its turn: it is not the next one every hour, before all others. */
    add: async (companyId: string, outcome: Outcome) => {
      const { answers, failures, findings } = outcome;
      for (const route of outcome.routes) if (table.has(route)) routes.add(route);
      broken ||= outcome.broken;
      figures.answers += answers;
      figures.failures += failures;
      figures.leaks += findings.length;
      figures.addresses = routes.size;
      figures.companies++;
      for (const { shownTo, belongsTo, route, address, what, detail } of findings)
        log.error(
          { run: runId, shownTo, belongsTo, route, address, what, detail },
          'a company was shown what is another’s',
        );
      log.info({ run: runId, company: companyId, answers }, 'a company was opened to look at its walls');
      await tenancy.inPortal(async (db) => {
        for (const finding of findings.slice(0, MOST_FINDINGS)) await db.execute(sql.insertFinding(runId, finding));
        await db.execute(sql.progress(runId, figures));
        await db.execute(sql.visited(companyId, clock()));
      });
    },
    end: () =>
      tenancy.inPortal(async (db) => {
        await db.execute(sql.progress(runId, figures));
        const ended = await db.query(sql.end(runId, broken ? 'failed' : 'done', null, clock()));
        if (ended.length > 0 && figures.leaks > 0) await alarm(db, services.config.publicUrl, figures.leaks);
      }),
  };
}

// One hole may show a thousand times.
const MOST_FINDINGS = 100;

async function alarm(db: PortalDb, publicUrl: string, leaks: number): Promise<void> {
  for (const { email, locale } of await db.query<{ email: string; locale: Locale }>(sql.admins())) {
    const t = translator(locale);
    const text = t('walls.letter.text', { count: leaks, link: `${publicUrl}/admin/walls` });
    await outbox.post(db, { to: email, subject: t('walls.letter.subject'), text });
  }
}
