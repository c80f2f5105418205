import * as audit from '../audit/audit.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/** Switches of the portal as a whole, with what holds until somebody sets them; their words are `admin.settings.<word>`. */
export const SWITCHES = [
  { name: 'reviews.tellPerson', word: 'tellPerson', usual: false },
  { name: 'reviews.typedInHint', word: 'typedInHint', usual: false },
] as const;

export interface Switch {
  name: (typeof SWITCHES)[number]['name'];
  word: (typeof SWITCHES)[number]['word'];
  on: boolean;
  /** null: it stands as it always did */
  changed: { at: Date; by: string | null } | null;
}

export async function list(db: PortalDb): Promise<Switch[]> {
  const rows = await db.query<sql.SettingRow>(sql.settings());
  return SWITCHES.map(({ name, word, usual }) => {
    const row = rows.find((each) => each.name === name);
    if (!row) return { name, word, on: usual, changed: null };
    return { name, word, on: row.value === true, changed: { at: row.updatedAt, by: row.user } };
  });
}

/** Sets all of them; what stands like that already is not written down again. */
export async function save(
  db: PortalDb,
  wanted: ReadonlySet<string>,
  { userId, now }: { userId: string; now: Date },
): Promise<void> {
  for (const { name, on } of await list(db)) {
    const value = wanted.has(name);
    if (value === on) continue;
    await db.execute(sql.setSetting(name, value, userId, now));
    await audit.write(db, { userId, action: 'setting.changed', subject: { setting: name, value } });
  }
}
