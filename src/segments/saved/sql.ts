import { type Sql, sql } from '../../platform/db.ts';
import { kept } from '../../platform/plans.ts';
import type { PresetKey } from '../presets.ts';

export interface SegmentRow {
  id: string;
  key: Exclude<PresetKey, 'all'> | null;
  name: string;
  filter: string;
  position: bigint;
  /** changes with every save */
  seen: string;
  deleted_at: Date | null;
}

const columns = sql`
  s.id, s.key, s.name, s.filter, s.position, trunc(extract(epoch from s.updated_at) * 1000000)::text as seen, s.deleted_at`;

/** What the company has made of its segments, those deleted not long ago too. A deleted preset stays deleted. */
export const shelf = (deletedSince: Date | null): Sql =>
  kept(sql`
  select ${columns} from segment s
  where s.deleted_at is null or s.key is not null or s.deleted_at >= ${deletedSince === null ? null : deletedSince.toISOString()}::timestamptz
  order by s.position, s.id`);

// Two who save at the same time wait for each other: neither overwrites what the other one did, nor makes one too many.
export const lock = sql`select pg_advisory_xact_lock(hashtextextended('segments ' || current_company()::text, 0))::text`;

interface NewSegment {
  companyId: string;
  id: string;
  key: SegmentRow['key'];
  name: string;
  filter: string;
  userId: string;
}

/** An own one goes to the end; a preset that is there already, deleted or changed, is replaced. */
export const insert = ({ companyId, id, key, name, filter, userId }: NewSegment): Sql => sql`
  insert into segment (company_id, id, key, name, filter, created_by, position)
  select ${companyId}::uuid, ${id}::uuid, ${key}, ${name}, ${filter}, ${userId}::uuid, coalesce(max(position), 0) + 1 from segment
  on conflict (company_id, key) do update
    set name = excluded.name, filter = excluded.filter, updated_at = now(), deleted_at = null`;

export const update = (id: string, name: string, filter: string): Sql => sql`
  update segment set name = ${name}, filter = ${filter}, updated_at = now() where id = ${id}::uuid`;

export const setDeleted = (id: string, at: Date | null): Sql => sql`
  update segment set deleted_at = ${at === null ? null : at.toISOString()}::timestamptz, updated_at = now() where id = ${id}::uuid`;

export const deletePreset = (key: string, id: string, companyId: string, at: Date): Sql => sql`
  insert into segment (company_id, id, key, name, deleted_at)
  values (${companyId}::uuid, ${id}::uuid, ${key}, ${key}, ${at.toISOString()}::timestamptz)
  on conflict (company_id, key) do update set deleted_at = excluded.deleted_at, updated_at = now()`;

/** The preset is as shipped again. */
export const forget = (key: string): Sql => sql`delete from segment where key = ${key}`;

export const place = (id: string, position: number): Sql => sql`
  update segment set position = ${position} where id = ${id}::uuid and position <> ${position}`;
