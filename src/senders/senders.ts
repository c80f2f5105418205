import { dayOf } from '../kernel/time.ts';
import type { CompanyReader, PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export {
  addSender,
  changeSender,
  findSender,
  giveSender,
  holdersOf,
  listPrices,
  listSenders,
  newSender,
  removeSender,
  senderByAddress,
  senderChange,
  setPrices,
  takeSender,
  underWay,
} from './desk.ts';
export { ceilingMinor, decimalOf, microsOf, placeText, priceText } from './micros.ts';
export { type LineError, type Price, readPrices } from './price-list.ts';
export type { PricedChannel, PriceRow, SenderRow } from './sql.ts';

/** The senders that the portal gave the company, by name. The portal's default one stands in its configuration, not here. */
export const sendersOf = (db: CompanyReader) => db.query<sql.SenderRow>(sql.ofCompany());

/** Messages a second of a sender about which nothing is set. */
const USUAL_PACE = 10;

/** How many messages a second may leave from this sender, of all companies together. */
export async function paceOf(db: PortalDb, address: string): Promise<number> {
  const [row] = await db.query<{ perSecond: number }>(sql.perSecond(address));
  return row?.perSecond ?? USUAL_PACE;
}

/**
 * What one part costs by channel and country, in millionths of the company's currency, at the rate of today in the company's zone.
 * null: no rate is known. Countries that are not in it have no price.
 */
export const priceTable = (db: CompanyReader, now: Date) =>
  db.query<sql.PriceRow>(sql.pricesIn(db.company.currency, dayOf(now, db.company.timezone)));
