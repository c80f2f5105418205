import { products, type Shop } from '../shop.ts';

/** A Polish shop without a paid plan: its cabinet can be read, not written (P-05). */
export const lampka: Shop = {
  slug: 'lampka',
  name: 'Lampka',
  country: 'PL',
  currency: 'PLN',
  timezone: 'Europe/Warsaw',
  locale: 'en',
  plan: 'free',
  seed: 1_410,
  firstPerson: 7001,
  home: 'polish',
  mix: { polish: 85, bulgarian: 10, german: 5 },
  buyers: 70,
  writers: 6,
  orders: 150,
  ordersOfNobody: 3,
  threads: 24,
  feedback: 16,
  currencies: { PLN: 92, EUR: 8 },
  worth: { EUR: 4.25 },
  products: products(
    'LA',
    `Lampa stojąca · 349
     Lampka nocna · 119
     Żyrandol, 5 ramion · 899
     Żarówka LED, 3 sztuki · 39.9
     Kinkiet mosiężny · 229
     Girlanda ogrodowa · 89
     Abażur lniany · 149
     Lampa biurkowa · 189`,
  ),
  payments: ['BLIK', 'Karta', 'Przelew'],
  deliveries: ['Paczkomat', 'Kurier'],
  sources: ['Sklep', 'Portal'],
  channels: ['chat', 'email'],
  questions: ['Czy lampa jest dostępna w kolorze czarnym?', 'Kiedy dotrze moja paczka?', 'Czy mogę zwrócić żarówki?'],
  answers: ['Dzień dobry, tak, wysyłamy jutro.', 'Paczka jest już w drodze.'],
  thanks: ['Dziękuję!', 'Super, dziękuję.'],
  praise: {
    1: ['Lampa nie działa.'],
    2: ['Abażur w złym kolorze.'],
    3: ['Może być.'],
    4: ['Ładna lampa, polecam.'],
    5: ['Wszystko idealnie!'],
  },
};
