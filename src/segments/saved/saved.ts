import * as audit from '../../audit/audit.ts';
import { newId } from '../../kernel/id.ts';
import { fold } from '../../kernel/text.ts';
import { translator } from '../../platform/i18n.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { filterText } from '../filter.ts';
import type { Filter } from '../tree.ts';
import { nameOf, type Segment, shelf } from './shelf.ts';
import * as sql from './sql.ts';

/** So many a company may have of its own: they are tabs above the list. */
export const MOST_SEGMENTS = 50;

export interface Wish {
  name: string;
  filter: Filter;
  userId: string;
}

/** Saves a filter under a name (P-24, P-33); answers its id. Throws `FieldError`. */
export async function create(db: CompanyDb, { name, filter, userId }: Wish, now: Date): Promise<string> {
  const { live } = await locked(db, now);
  refuseTooMany(live);
  refuseTwin(db, live, name, null);
  const id = newId();
  await db.execute(sql.insert({ companyId: db.company.id, id, key: null, name, filter: filterText(filter), userId }));
  await note(db, userId, 'segment.created', name, filter);
  return id;
}

/** Somebody else saved it since the form was shown; `segment`: as it is now. */
export class Changed extends Error {
  override readonly name = 'Changed';
  readonly segment: Segment;

  constructor(segment: Segment) {
    super('The segment was changed meanwhile');
    this.segment = segment;
  }
}

/**
 * Gives a segment another name or other conditions; a preset too (P-22). `seen`: which state of it the person looked at. Throws
 * `Changed`, `FieldError`.
 */
export async function change(
  db: CompanyDb,
  key: string,
  { name, filter, userId, seen }: Wish & { seen: string },
  now: Date,
): Promise<void> {
  const { live } = await locked(db, now);
  const segment = live.find((each) => each.key === key);
  if (!segment || segment.preset === 'all') throw new FieldError('name', 'segments.form.error.gone');
  if (segment.seen !== seen) throw new Changed(segment);
  refuseTwin(db, live, name, segment);
  const text = filterText(filter);
  await db.execute(
    segment.preset
      ? sql.insert({ companyId: db.company.id, id: newId(), key: segment.preset, name, filter: text, userId })
      : sql.update(segment.key, name, text),
  );
  await note(db, userId, 'segment.changed', name, filter);
}

/** Deletes an own one, or a preset (P-23). Answers what it was; null: there is none, or it is All. */
export async function remove(db: CompanyDb, key: string, userId: string, now: Date): Promise<Segment | null> {
  const segment = (await locked(db, now)).live.find((each) => each.key === key);
  if (!segment || segment.preset === 'all') return null;
  await db.execute(
    segment.preset ? sql.deletePreset(segment.preset, newId(), db.company.id, now) : sql.setDeleted(segment.key, now),
  );
  await note(db, userId, 'segment.deleted', nameIn(db, segment), segment.filter);
  return segment;
}

/**
 * Brings back what was deleted; a preset, deleted or changed, as it came (P-22, P-23). null: there is none of that key. Throws
 * `FieldError`.
 */
export async function restore(db: CompanyDb, key: string, userId: string, now: Date): Promise<Segment | null> {
  const { live, deleted } = await locked(db, now);
  const segment = [...deleted, ...live.filter(({ preset }) => preset !== null)].find((each) => each.key === key);
  if (!segment) return null;
  if (!segment.preset) refuseTooMany(live);
  refuseTwin(db, live, nameIn(db, segment.preset ? { ...segment, name: null } : segment), segment);
  await db.execute(segment.preset ? sql.forget(segment.preset) : sql.setDeleted(segment.key, null));
  await note(db, userId, 'segment.restored', nameIn(db, segment), segment.filter);
  return segment;
}

/** Moves an own one a place towards the beginning or the end. false: there is none of that key. */
export async function move(db: CompanyDb, key: string, towards: 'up' | 'down', now: Date): Promise<boolean> {
  const own = (await locked(db, now)).live.filter(({ preset }) => preset === null).map((segment) => segment.key);
  const from = own.indexOf(key);
  if (from < 0) return false;
  const to = Math.min(Math.max(from + (towards === 'up' ? -1 : 1), 0), own.length - 1);
  const order = own.toSpliced(from, 1).toSpliced(to, 0, key);
  for (const [at, id] of order.entries()) await db.execute(sql.place(id, at + 1));
  return true;
}

async function locked(db: CompanyDb, now: Date) {
  await db.query(sql.lock);
  return await shelf(db, now);
}

function refuseTooMany(live: readonly Segment[]): void {
  const own = live.filter(({ preset }) => preset === null);
  if (own.length >= MOST_SEGMENTS) throw new FieldError('name', 'segments.form.error.tooMany');
}

/** Two tabs of one name could not be told apart. */
function refuseTwin(db: CompanyDb, live: readonly Segment[], name: string, self: Segment | null): void {
  const twin = live.some((each) => each.key !== self?.key && fold(nameIn(db, each)) === fold(name));
  if (twin) throw new FieldError('name', 'segments.form.error.taken');
}

const nameIn = ({ company }: CompanyDb, segment: Segment) => nameOf(segment, translator(company.locale));

type Action = 'segment.created' | 'segment.changed' | 'segment.deleted' | 'segment.restored';

async function note(db: CompanyDb, userId: string, action: Action, name: string, filter: Filter | null) {
  await audit.write(db, { userId, action, subject: { name, filter: filter && filterText(filter) } });
}
