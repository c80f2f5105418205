import { justNow, later, someDay } from './calendar.ts';
import type { PlannedOrder } from './orders.ts';
import { type Person, tell } from './people.ts';
import type { Random } from './random.ts';
import type { Shop } from './shop.ts';

/** Messages as the API takes them: every writer's thread, and threads of buyers, about an order or not, answered or not. */
export function makeMessages(
  random: Random,
  shop: Shop,
  writers: readonly Person[],
  orders: readonly PlannedOrder[],
  now: Date,
): object[] {
  return Array.from({ length: shop.threads }, (_, index) => {
    const writer = writers[index];
    if (writer) return makeThread(random, shop, index, writer, null, now);
    const order = random.pick(orders);
    return makeThread(random, shop, index, order.buyer ?? random.pick(writers), random.chance(0.6) ? order : null, now);
  }).flat();
}

function makeThread(random: Random, shop: Shop, index: number, person: Person, about: PlannedOrder | null, now: Date) {
  const turns = random.weighted({ asked: 40, answered: 40, thanked: 20 });
  const directions = { asked: ['in'], answered: ['in', 'out'], thanked: ['in', 'out', 'in'] }[turns];
  const channel = random.pick(shop.channels);
  // A writer is known by the first thread alone: it tells all contacts.
  const customer = tell(random, person, shop.home, true);
  let at = about ? later(random, about.at, now, 72) : index < 8 ? justNow(random, now) : someDay(random, now);
  return directions.map((direction, turn) => {
    if (turn > 0) at = later(random, at, now, 20);
    const words = [shop.questions, shop.answers, shop.thanks][turn] ?? shop.thanks;
    return {
      externalId: `${shop.slug}-m${index + 1}-${turn + 1}`,
      threadId: `${shop.slug}-t${index + 1}`,
      direction,
      sentAt: at.toISOString(),
      channel,
      text: random.pick(words),
      customer,
      ...(about && { orderExternalId: about.body.externalId }),
    };
  });
}

/** What buyers thought of their orders, mostly good. */
export function makeFeedback(random: Random, shop: Shop, orders: readonly PlannedOrder[], now: Date): object[] {
  const known = orders.filter((order) => order.buyer !== null);
  return Array.from({ length: shop.feedback }, (_, index) => {
    const order = random.pick(known);
    const rating = Number(random.weighted({ 1: 5, 2: 6, 3: 11, 4: 26, 5: 52 })) as 1 | 2 | 3 | 4 | 5;
    return {
      externalId: `${shop.slug}-f${index + 1}`,
      writtenAt: later(random, order.at, now, 240).toISOString(),
      customer: order.body.customer,
      rating,
      ...(random.chance(0.8) && { text: random.pick(shop.praise[rating]) }),
    };
  });
}
