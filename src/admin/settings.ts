import * as audit from '../audit/audit.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/** Switches of the portal as a whole, with what holds until somebody sets them; their words are `admin.settings.<word>`. */
export const SWITCHES = [
  { name: 'reviews.tellPerson', group: 'reviews', word: 'tellPerson', usual: false },
  { name: 'reviews.typedInHint', group: 'reviews', word: 'typedInHint', usual: false },
  { name: 'secondFactor.portal', group: 'signIn', word: 'secondFactor', usual: false },
] as const;

export interface Switch {
  name: (typeof SWITCHES)[number]['name'];
  group: (typeof SWITCHES)[number]['group'];
  word: (typeof SWITCHES)[number]['word'];
  on: boolean;
  /** null: it stands as it always did */
  changed: { at: Date; by: string | null } | null;
}

export async function list(db: PortalDb): Promise<Switch[]> {
  const rows = await db.query<sql.SettingRow>(sql.settings());
  return SWITCHES.map(({ usual, ...own }) => {
    const row = rows.find((each) => each.name === own.name);
    if (!row) return { ...own, on: usual, changed: null };
    return { ...own, on: row.value === true, changed: { at: row.updatedAt, by: row.user } };
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
