import type { Told } from '../../platform/sms.ts';
import type { OpenRow } from './sql.ts';

type Called = Pick<OpenRow, 'id' | 'body' | 'sender' | 'called_at'>;

export interface Match {
  id: string;
  told: Told;
}

// A clock that differs, and a call that took long to arrive.
const BEFORE = 60_000;
const AFTER = 10 * 60_000;

/**
 * Which of the provider's messages to a number is which of our deliveries to it: of the same text and sender, made about when it was
 * called. Those nearest in time find each other first; none is matched twice. `taken`: what belongs to another delivery.
 */
export function match(called: readonly Called[], told: readonly Told[], taken: ReadonlySet<string>): Match[] {
  const pairs = called.flatMap((row) =>
    told.filter((one) => !taken.has(one.sid) && isSame(row, one)).map((one) => ({ row, one, apart: apart(row, one) })),
  );
  const [rows, sids] = [new Set<string>(), new Set<string>()];
  return pairs
    .sort((a, b) => a.apart - b.apart)
    .flatMap(({ row: { id }, one }) => {
      if (rows.has(id) || sids.has(one.sid)) return [];
      rows.add(id);
      sids.add(one.sid);
      return [{ id, told: one }];
    });
}

const apart = ({ called_at: at }: Called, told: Told) => Math.abs(told.at.getTime() - at.getTime());

function isSame({ body, sender, called_at: at }: Called, told: Told): boolean {
  const late = told.at.getTime() - at.getTime();
  // A messaging service chooses one of its numbers, and a message that has not left yet may have none.
  const bySame = sender === null || sender.startsWith('MG') || told.from === null || told.from === sender;
  return bySame && late >= -BEFORE && late <= AFTER && told.body.trim() === body.trim();
}
