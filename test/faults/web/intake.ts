import { call, site } from '../../bench/load.ts';
import { sleep } from '../wait.ts';
import type { Posted } from './shop.ts';

interface Wanted {
  url: string;
  /** its slug */
  company: string;
  key: string;
  orders: readonly Posted[];
  /** orders in one call */
  size: number;
}

/** What a shop's back end does: posts batch after batch, each again and again until it is acknowledged. */
export function openIntake({ url, company, key, orders, size }: Wanted) {
  const target = site(Number(new URL(url).port), {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
  });
  const batches = Math.ceil(orders.length / size);
  const seen = { refused: 0, broken: 0, repeated: 0 };
  let [next, done, underway] = [0, 0, 0];

  const post = async (batch: readonly Posted[]): Promise<boolean> => {
    underway++;
    try {
      const body = JSON.stringify({ orders: batch.map((order) => order.body) });
      const answer = await call(target, `/api/v1/companies/${company}/orders`, { method: 'POST', body, seconds: 30 });
      if (answer.status === 200) {
        seen.repeated += acknowledged(batch, answer.body);
        return true;
      }
      if (answer.status < 429)
        throw new Refused(`an order was answered ${answer.status}: ${answer.body.slice(0, 300)}`);
      seen.refused++;
    } catch (error) {
      if (error instanceof Refused) throw error;
      seen.broken++;
    } finally {
      underway--;
    }
    return false;
  };
  const client = async () => {
    while (next < batches) {
      const from = next++ * size;
      const batch = orders.slice(from, from + size);
      while (!(await post(batch))) await sleep(100);
      done++;
    }
  };
  return {
    batches,
    done: () => done,
    underway: () => underway,
    seen: () => ({ ...seen }),
    run: (clients: number) => Promise.all(Array.from({ length: clients }, client)),
  };
}

class Refused extends Error {}

/** Every one of them has its result. Answers how many had been stored before. */
function acknowledged(batch: readonly Posted[], body: string): number {
  const { results }: { results: { externalId: string; status: string }[] } = JSON.parse(body);
  const statuses = new Map(results.map(({ externalId, status }) => [externalId, status]));
  const missing = batch.find(({ externalId }) => !['created', 'unchanged'].includes(statuses.get(externalId) ?? ''));
  if (missing) throw new Refused(`${missing.externalId} was answered "${statuses.get(missing.externalId)}"`);
  return batch.filter(({ externalId }) => statuses.get(externalId) === 'unchanged').length;
}
