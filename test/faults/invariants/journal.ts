import type { Taken } from '../../standin/messages.ts';
import { deliveryOf } from '../check.ts';
import type { Stage } from '../stage.ts';

/** What is asked of the provider's journal, which is the truth. */
export async function ofJournal(stage: Pick<Stage, 'standin' | 'ask'>): Promise<Record<string, number>> {
  const { standin, ask } = stage;
  const ids = standin.taken.flatMap((message) => deliveryOf(message) ?? []);
  const rows = await ask<Sent>(SENT, [ids]);
  const sent = new Map(rows.map((row) => [row.id, row]));
  return { 'I2 messages made twice': twice(standin.taken, sent), 'I3 messages after STOP': afterStop(stage, sent) };
}

interface Sent extends Record<string, unknown> {
  id: string;
  /** of which there may be one message for each number */
  of: string;
  silenced: boolean;
}

const SENT = `
  select d.id, d.campaign_id || d.channel as of, s.address_key is not null as silenced from delivery d
  left join suppression s on s.company_id = d.company_id and s.address_key = d.address_key
  where d.id = any($1::uuid[])`;

/** Of the same delivery, or of the same campaign to the same number. */
function twice(taken: readonly Taken[], sent: ReadonlyMap<string, Sent>): number {
  const made = new Map<string, number>();
  for (const message of taken) {
    const id = deliveryOf(message);
    if (id === null) continue;
    const key = `${sent.get(id)?.of ?? id} ${message.to}`;
    made.set(key, (made.get(key) ?? 0) + 1);
  }
  return [...made.values()].filter((times) => times > 1).length;
}

/** To numbers that are silenced now, after the last word of theirs was acknowledged. */
function afterStop({ standin }: Pick<Stage, 'standin'>, sent: ReadonlyMap<string, Sent>): number {
  const acknowledged = new Map(standin.heard.map(({ from, at }) => [from, at]));
  return standin.taken.filter((message) => {
    const at = acknowledged.get(message.to);
    return at && message.at > at && sent.get(deliveryOf(message) ?? '')?.silenced === true;
  }).length;
}
