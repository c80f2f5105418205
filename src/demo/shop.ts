import type { CultureName } from './cultures.ts';

/** A shop of the demo: what it is, how much it holds, and the words people use there. */
export interface Shop {
  slug: string;
  name: string;
  country: string;
  currency: string;
  timezone: string;
  locale: 'en' | 'uk';
  plan: 'paid' | 'free';
  seed: number;
  /** numbers of its own people; below 10,000 and apart from other shops' */
  firstPerson: number;
  home: CultureName;
  mix: Partial<Record<CultureName, number>>;
  /** customers that ordered, and those that only wrote */
  buyers: number;
  writers: number;
  /** all orders, those of unknown people among them */
  orders: number;
  ordersOfNobody: number;
  threads: number;
  feedback: number;
  /** how often orders are in another currency */
  currencies: Record<string, number>;
  /** price of 1 unit of another currency in that of the shop, for inventing prices */
  worth: Record<string, number>;
  products: readonly Product[];
  payments: readonly string[];
  deliveries: readonly string[];
  sources: readonly string[];
  channels: readonly string[];
  questions: readonly string[];
  answers: readonly string[];
  thanks: readonly string[];
  /** by rating, 1 to 5 */
  praise: Readonly<Record<1 | 2 | 3 | 4 | 5, readonly string[]>>;
}

export interface Product {
  sku: string;
  name: string;
  /** in the shop's currency, major units */
  price: number;
}

/** `name · price` per line */
export function products(prefix: string, list: string): Product[] {
  return list
    .split('\n')
    .map((line) => line.trim().split(' · '))
    .filter((parts) => parts.length === 2)
    .map(([name = '', price], index) => ({ sku: `${prefix}-${101 + index}`, name, price: Number(price) }));
}
