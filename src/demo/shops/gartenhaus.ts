import { products, type Shop } from '../shop.ts';

/** A German shop for the garden; some of its customers buy at the Ukrainian one too. */
export const gartenhaus: Shop = {
  slug: 'gartenhaus',
  name: 'Gartenhaus Blume',
  country: 'DE',
  currency: 'EUR',
  timezone: 'Europe/Berlin',
  locale: 'en',
  plan: 'paid',
  seed: 4_711,
  firstPerson: 5001,
  home: 'german',
  mix: { german: 80, polish: 10, english: 10 },
  buyers: 110,
  writers: 10,
  orders: 260,
  ordersOfNobody: 4,
  threads: 45,
  feedback: 30,
  currencies: { EUR: 90, PLN: 7, GBP: 3 },
  worth: { PLN: 0.235, GBP: 1.15 },
  products: products(
    'GB',
    `Gartenschere · 24.9
     Gießkanne, 10 l · 17.5
     Blumenerde, 40 l · 9.99
     Hochbeet aus Lärche · 129
     Rosendünger · 12.4
     Gartenhandschuhe · 8.95
     Vogelhäuschen · 34.5
     Tulpenzwiebeln, 25 Stück · 11.9
     Regentonne, 200 l · 79
     Laubrechen · 21.9
     Pflanzkübel, Terrakotta · 27
     Schubkarre · 94.5`,
  ),
  payments: ['Rechnung', 'Kreditkarte', 'Lastschrift'],
  deliveries: ['Paket', 'Abholung', 'Spedition'],
  sources: ['Webshop', 'Marktplatz'],
  channels: ['email', 'chat'],
  questions: [
    'Ist der Artikel noch lieferbar?',
    'Wann kommt meine Bestellung an?',
    'Kann ich die Lieferadresse ändern?',
  ],
  answers: [
    'Guten Tag, ja, wir versenden heute.',
    'Das Paket ist unterwegs.',
    'Gerne, wir haben die Adresse geändert.',
  ],
  thanks: ['Vielen Dank!', 'Danke für die schnelle Antwort.'],
  praise: {
    1: ['Topf zerbrochen, keine Antwort.'],
    2: ['Hat sehr lange gedauert.'],
    3: ['Ganz in Ordnung.'],
    4: ['Gute Ware, gern wieder.'],
    5: ['Sehr schnell geliefert, alles bestens!'],
  },
};
