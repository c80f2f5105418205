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
import { type Outcome, visit } from './visit.ts';

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
  const samples = await sampleCompanies(services);
  const registry = makeRegistry(samples);
  const watch = services.watching.watch();
  const inside = await open({ ...services, tenancy: watch.tenancy, limiter: FREE });
  const table = new Set(openable(inside.routes).map(nameOf));
  const tally = openTally(services, runId, samples, table, registry.size);
  try {
    const controls = new Map<string, number>();
    for (const own of samples) {
      const foreign = neighbour(samples, own);
      if (!foreign) break;
      const round = { own, foreign, registry, controls };
      await tally.add(own, await visit(services, inside, watch, round, signal), false);
      signal.throwIfAborted();
      await tally.add(own, await rehearseAs(services, open, workOff, round), true);
    }
  } finally {
    await inside.close();
  }
  await tally.end();
}

async function sampleCompanies(services: Services): Promise<Sample[]> {
  const { tenancy, clock } = services;
  const rows = await tenancy.inPortal(async (db) => {
    const [all] = await db.query<{ count: number }>(sql.companies());
    const part = Math.min(MOST, Math.max(LEAST, Math.ceil((all?.count ?? 0) / PARTS)));
    return db.query<sql.CompanyRow>(sql.next(part));
  });
  const samples: Sample[] = [];
  for (const row of rows) {
    const sample = await takeSample(services, row, clock());
    if (sample) samples.push(linked(sample));
  }
  return samples;
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
  runId: string,
  samples: readonly Sample[],
  table: ReadonlySet<string>,
  canaries: number,
) {
  const { tenancy, clock } = services;
  const routes = new Set<string>();
  const figures = {
    companiesTotal: samples.length,
    companies: 0,
    addresses: 0,
    addressesTotal: table.size,
    answers: 0,
    failures: 0,
    canaries,
    leaks: 0,
  };
  return {
    /** `last`: the company is done */
    add: async ({ company }: Sample, { answers, failures, routes: opened, findings }: Outcome, last: boolean) => {
      for (const route of opened) if (table.has(route)) routes.add(route);
      figures.answers += answers;
      figures.failures += failures;
      figures.leaks += findings.length;
      figures.addresses = routes.size;
      if (last) figures.companies++;
      for (const { shownTo, belongsTo, route, address, what, detail } of findings)
        log.error(
          { run: runId, shownTo, belongsTo, route, address, what, detail },
          'a company was shown what is another’s',
        );
      if (last)
        log.info(
          { run: runId, company: company.id, answers: figures.answers },
          'a company was opened to look at its walls',
        );
      await tenancy.inPortal(async (db) => {
        for (const finding of findings.slice(0, MOST_FINDINGS)) await db.execute(sql.insertFinding(runId, finding));
        await db.execute(sql.progress(runId, figures));
        if (last) await db.execute(sql.visited(company.id, clock()));
      });
    },
    end: () =>
      tenancy.inPortal(async (db) => {
        await db.execute(sql.progress(runId, figures));
        const ended = await db.query(sql.end(runId, 'done', null, clock()));
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
