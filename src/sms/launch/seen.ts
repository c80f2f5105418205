import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts';

/** What somebody looked at before the launch: the figures, and a mark that another list would not have. */
export interface Seen {
  readonly at: Date;
  /** of the draft */
  readonly version: bigint;
  readonly recipients: number;
  readonly parts: number;
  readonly ceilingMicros: bigint;
  readonly mark: string;
}

/** As the form carries it from the look to the launch. */
export const writeSeen = ({ at, version, recipients, parts, ceilingMicros, mark }: Seen): string =>
  encodeCursor([at.toISOString(), ...[version, recipients, parts, ceilingMicros].map(String), mark]);

/** null: it is none of ours */
export function readSeen(text: string): Seen | null {
  const [at = '', version = '', recipients = '', parts = '', ceiling = '', mark = ''] = decodeCursor(text, 6) ?? [];
  if (![version, recipients, parts, ceiling].every((number) => /^\d{1,18}$/.test(number))) return null;
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return null;
  const figures = { recipients: Number(recipients), parts: Number(parts), ceilingMicros: BigInt(ceiling) };
  return { at: time, version: BigInt(version), ...figures, mark };
}

/** Whether what is launched is what was looked at. */
export const isSame = (seen: Seen, now: Omit<Seen, 'at'>): boolean =>
  seen.version === now.version &&
  seen.recipients === now.recipients &&
  seen.parts === now.parts &&
  seen.ceilingMicros === now.ceilingMicros &&
  seen.mark === now.mark;
