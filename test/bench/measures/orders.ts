import { mailWords, names, regions } from '../build/names.ts';

/** Orders as a shop would send them: three items each, and every sixth comes from somebody who has ordered before. */
export function makeOrders(from: number, count: number): object[] {
  return Array.from({ length: count }, (_, n) => makeOrder(from + n));
}

function makeOrder(n: number): object {
  const person = n % 6 === 5 ? n - 5 : n;
  const script = person % 2 === 0 ? names.latin : names.cyrillic;
  const firsts = person % 4 < 2 ? script.female : script.male;
  const items = [1, 2, 3].map((line) => ({
    sku: `SKU-${(n * line) % 997}`,
    name: `Article ${(n * line) % 997}`,
    quantity: line,
    unitPrice: `${10 + (n % 500)}.50`,
  }));
  return {
    externalId: `I-${n}`,
    number: String(n),
    placedAt: new Date(Date.now() - 60_000).toISOString(),
    status: 'paid',
    currency: 'UAH',
    customer: {
      name: `${firsts[person % firsts.length]} ${script.last[person % script.last.length]}`,
      phones: [`067 ${String(1_000_000 + person).replace(/(\d{3})(\d\d)(\d\d)$/, '$1 $2 $3')}`],
      emails: [`${mailWords[person % mailWords.length]}${person}@shop.example`],
      gender: person % 4 < 2 ? 'female' : 'male',
      region: regions[person % regions.length],
    },
    items,
    payment: { method: 'card', paidAt: null },
    delivery: { method: 'courier', address: `Street ${n % 300}` },
    source: 'site',
  };
}
