import { parseEmail } from '../kernel/email.ts';
import { isId } from '../kernel/id.ts';
import { addDays, dayStart, isDay } from '../kernel/time.ts';
import type { CompanyReader, PortalDb } from '../tenancy/handles.ts';
import type { SignedInContext } from '../web/context.ts';
import * as sql from './sql.ts';

const FIELDS = ['who', 'action', 'company', 'subject', 'from', 'to'] as const;
type Field = (typeof FIELDS)[number];

/** What somebody looks for in the log: as it stands in the address, and as the database is asked. */
export interface Wish {
  typed: Partial<Record<Field, string>>;
  /** key of the words beside a field that names nothing there is */
  errors: Partial<Record<Field, string>>;
  conditions: sql.Conditions;
}

/** Reads the address. Days are those of the reader's zone, the last one is counted in. `actions`: all there are. */
export async function readAddress(
  ctx: SignedInContext,
  db: PortalDb | CompanyReader,
  actions: readonly string[],
): Promise<Wish> {
  const wish: Wish = { typed: typedIn(ctx), errors: {}, conditions: {} };
  const { typed, conditions } = wish;
  const zone = ctx.member.membership?.company.timezone ?? 'UTC';
  const take = <T>(field: Field, value: T | null | undefined, error: string): T | undefined => {
    if (typed[field] === undefined) return undefined;
    if (value === null || value === undefined) wish.errors[field] = error;
    return value ?? undefined;
  };
  conditions.action = take(
    'action',
    actions.find((action) => action === typed.action),
    'admin.audit.noAction',
  );
  conditions.subjectId = take(
    'subject',
    typed.subject && isId(typed.subject) ? typed.subject : null,
    'admin.audit.noId',
  );
  conditions.from = take('from', startOf(typed.from, zone), 'admin.audit.noDay');
  conditions.until = take('to', startOf(typed.to, zone, 1), 'admin.audit.noDay');
  conditions.userId = take('who', await idOf(db, userAsked(typed.who)), 'admin.audit.noUser');
  conditions.companyId = take('company', await idOf(db, companyAsked(typed.company)), 'admin.audit.noCompany');
  return wish;
}

function typedIn({ req }: SignedInContext): Wish['typed'] {
  const typed: Wish['typed'] = {};
  for (const field of FIELDS) {
    const given = req.query[field];
    const text = typeof given === 'string' ? given.trim().slice(0, 255) : '';
    if (text !== '') typed[field] = text;
  }
  return typed;
}

const startOf = (day: string | undefined, zone: string, later = 0): Date | null =>
  day !== undefined && isDay(day) ? dayStart(addDays(day, later), zone) : null;

const userAsked = (who: string | undefined) => (who === undefined ? null : sql.userByEmail(parseEmail(who) ?? who));

const companyAsked = (slug: string | undefined) => (slug === undefined ? null : sql.companyBySlug(slug));

async function idOf(db: PortalDb | CompanyReader, question: ReturnType<typeof sql.userByEmail> | null) {
  return question && (await db.query<{ id: string }>(question))[0]?.id;
}
