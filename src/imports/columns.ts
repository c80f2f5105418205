import { fold } from '../kernel/text.ts';

/** What a column of a file can be; the words are `imports.target.<target>`. */
export const TARGETS = [
  'ignore',
  'name',
  'phone',
  'email',
  'account',
  'gender',
  'region',
  'note',
  'tags',
  'channels',
  'smsConsent',
  'emailConsent',
  'consentDay',
  'consentSource',
] as const;
export type Target = (typeof TARGETS)[number];

/** Those that say who somebody is: one of them must be there. */
export const IDENTIFYING: readonly Target[] = ['phone', 'email', 'account'];

/** Those that only one column may be; several names, notes or phones are put together, from left to right. */
export const SINGLE: readonly Target[] = [
  'gender',
  'region',
  'smsConsent',
  'emailConsent',
  'consentDay',
  'consentSource',
];

/**
 * What the columns probably are, by their headings in English, Ukrainian, Russian, Bulgarian, German and Polish, and in those of our own
 * export. A heading that is not known is ignored until a person says otherwise.
 */
export function guessColumns(headings: readonly string[]): Target[] {
  const taken = new Set<Target>();
  return headings.map((heading) => {
    const target = guess(heading);
    if (SINGLE.includes(target) && taken.has(target)) return 'ignore';
    taken.add(target);
    return target;
  });
}

/** Whether the first row of a file names its columns: one of them is known, and none of its cells is itself a number or an address. */
export const looksLikeHeading = (cells: readonly string[]): boolean =>
  cells.some((cell) => guess(cell) !== 'ignore') && !cells.some((cell) => /@|\d{5}/.test(cell));

function guess(heading: string): Target {
  const words = fold(heading)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const bare = words.replace(/ ?\d+$/, '');
  for (const [target, known] of GUESSES) {
    if (known.has(words) || known.has(bare)) return target;
  }
  return PARTS.find(([, part]) => words.includes(part))?.[0] ?? 'ignore';
}

/** Of longer headings: `Додатковий моб. телефон`. */
const PARTS: readonly (readonly [Target, string])[] = [
  ...['телефон', 'phone', 'telefon'].map((part) => ['phone', part] as const),
  ...['e mail', 'email', 'імейл', 'имейл', 'електронна пошта', 'электронная почта'].map(
    (part) => ['email', part] as const,
  ),
];

const words = (...lists: string[]) => new Set(lists.flatMap((list) => list.split(', ')));

const GUESSES: readonly (readonly [Target, ReadonlySet<string>])[] = [
  [
    'phone',
    words(
      'phone, phones, phone number, phone numbers, telephone, tel, mobile, mobile phone, mobile number, cell, cell phone, contact phone, second phone',
      'телефон, телефони, тел, номер телефону, мобільний, мобільний телефон, моб телефон, контактний телефон, додатковий телефон',
      'телефоны, номер телефона, мобильный, мобильный телефон, контактный телефон, дополнительный телефон, номер',
      'телефонен номер, мобилен, мобилен телефон, мобилен номер',
      'telefon, telefonnummer, handy, handynummer, mobiltelefon, mobil, rufnummer',
      'numer telefonu, nr telefonu, telefon komórkowy, komórka, telefony',
    ),
  ],
  [
    'email',
    words(
      'email, emails, e mail, e mails, mail, email address, e mail address, email addresses',
      'електронна пошта, електронна адреса, електронні адреси, ел пошта, пошта, імейл, емейл, адреса електронної пошти',
      'электронная почта, эл почта, почта, имейл, емейл, адрес электронной почты, е мейл',
      'имейл адрес, електронна поща, имейли, ел поща',
      'e mail adresse, email adresse, mailadresse',
      'adres e mail, adres email, poczta, poczta elektroniczna',
    ),
  ],
  [
    'account',
    words(
      'account, accounts, account id, customer id, customerid, user id, userid, client id, external id, id',
      'обліковий запис, облікові записи, id клієнта, ід клієнта, код клієнта, номер клієнта',
      'учетная запись, учётная запись, аккаунт, id клиента, код клиента, номер клиента',
      'акаунт, профил, клиентски номер, номер на клиент, id на клиент',
      'kundennummer, kunden id, konto, benutzerkonto, kundennr, kunden nr',
      'id klienta, numer klienta, nr klienta, identyfikator klienta',
    ),
  ],
  [
    'name',
    words(
      'name, names, full name, fullname, first name, last name, firstname, lastname, surname, middle name, given name, family name, customer, customer name, client, client name, contact name, company, company name',
      'ім я, імя, піб, п і б, прізвище, по батькові, повне ім я, клієнт, покупець, ім я клієнта, прізвище та ім я, прізвище ім я по батькові, назва, контактна особа',
      'имя, фио, ф и о, фамилия, отчество, полное имя, клиент, покупатель, имя клиента, фамилия имя отчество, фамилия и имя, название, контактное лицо',
      'име, имена, фамилия, презиме, пълно име, клиент, име и фамилия, име на клиента, купувач',
      'vorname, nachname, familienname, vollständiger name, kunde, kundenname, vor und nachname, firma',
      'imię, imiona, nazwisko, imię i nazwisko, nazwa, klient, nazwa klienta, nabywca',
    ),
  ],
  ['gender', words('gender, sex', 'стать', 'пол', 'geschlecht, anrede', 'płeć')],
  [
    'region',
    words(
      'region, state, province, city, town, country region',
      'регіон, область, місто, населений пункт',
      'регион, город, населенный пункт, населённый пункт',
      'област, град, населено място',
      'bundesland, stadt, ort, wohnort',
      'województwo, miasto, miejscowość, rejon',
    ),
  ],
  [
    'note',
    words(
      'note, notes, comment, comments, remark, remarks, description',
      'нотатка, нотатки, примітка, примітки, коментар, коментарі',
      'заметка, заметки, примечание, примечания, комментарий, комментарии',
      'бележка, бележки, коментари, забележка',
      'notiz, notizen, bemerkung, bemerkungen, kommentar, anmerkung',
      'notatka, notatki, uwagi, komentarz, uwaga',
    ),
  ],
  [
    'tags',
    words(
      'tag, tags, label, labels',
      'мітка, мітки, теги, тег, позначки',
      'метка, метки',
      'етикет, етикети, тагове',
      'etikett, etiketten, schlagwort, schlagwörter, schlagworte',
      'etykieta, etykiety, tagi, znaczniki',
    ),
  ],
  [
    'channels',
    words(
      'other channels, telegram, viber, whatsapp, skype, messenger, instagram, facebook, social',
      'інші канали, інші канали зв язку, месенджер, соцмережі',
      'другие каналы, мессенджер, соцсети, другие каналы связи',
      'други канали, социални мрежи',
      'andere kanäle, weitere kanäle',
      'inne kanały, komunikator',
    ),
  ],
  [
    'smsConsent',
    words(
      'sms consent, consent to sms, sms opt in, sms optin, sms permission, accepts sms, accepts sms marketing',
      'згода на sms, згода на смс, смс згода, дозвіл на sms',
      'согласие на sms, согласие на смс, смс согласие',
      'съгласие за sms, съгласие за смс',
      'sms einwilligung, einwilligung sms, zgoda na sms, zgoda sms',
    ),
  ],
  [
    'emailConsent',
    words(
      'email consent, consent to email, e mail consent, consent to e mail, email opt in, accepts email, accepts email marketing, newsletter',
      'згода на email, згода на e mail, згода на листи, згода на розсилку',
      'согласие на email, согласие на e mail, согласие на рассылку',
      'съгласие за имейл',
      'email einwilligung, e mail einwilligung, zgoda na email, zgoda na e mail',
    ),
  ],
  [
    'consentDay',
    words(
      'consent date, date of consent, consent at, opt in date',
      'дата згоди',
      'дата согласия',
      'дата на съгласие, datum der einwilligung, data zgody',
    ),
  ],
  [
    'consentSource',
    words(
      'consent source, source of consent, opt in source',
      'джерело згоди',
      'источник согласия',
      'източник на съгласие, quelle der einwilligung, źródło zgody',
    ),
  ],
];
