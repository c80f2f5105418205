/** How people of one language are called, where they live, and what their phone numbers look like. */
export interface Culture {
  women: readonly string[];
  men: readonly string[];
  /** of women and of men where they differ: `Kowalska|Kowalski` */
  surnames: readonly string[];
  regions: readonly string[];
  /** a mobile number that nobody has: zeros, then four digits of ours */
  phone: (four: string, variant: number) => string;
  /** the same number as people there write it at home; null: only abroad */
  national: (e164: string) => readonly string[];
}

export type CultureName = keyof typeof cultures;

const words = (text: string) => text.split(/\s+/).filter(Boolean);

const uaCodes = ['50', '63', '66', '67', '68', '73', '93', '95', '96', '97', '98', '99'];

export const cultures = {
  ukrainian: {
    women: words(`Олена Оксана Ірина Наталія Тетяна Марія Галина Світлана Людмила Юлія Катерина Анна Вікторія Соломія
      Дарина Надія Любов Зоряна Богдана Леся`),
    men: words(`Андрій Олександр Сергій Василь Микола Іван Петро Тарас Богдан Юрій Дмитро Олег Роман Ігор Максим Назар
      Остап Ярослав Степан Павло`),
    surnames:
      words(`Коваль Бондар Мельник Ткачук Шевчук Кравчук Гончар Лисенко Савченко Мороз Поліщук Руденко Марчук Клименко
      Кучер Павленко Білоус Гайдук Дячук Зінченко Іваненко Кириленко Лук'яненко Мазур Носенко Онищук Петренко Романюк
      Сидоренко Тимощук Усенко Федорук Хоменко Цимбал Черненко Щербак Юрченко Яценко`),
    regions:
      words(`Київ Київ Київ Львів Львів Харків Одеса Дніпро Вінниця Полтава Чернівці Ужгород Луцьк Рівне Тернопіль
      Житомир Черкаси Суми Запоріжжя Миколаїв`),
    phone: (four, variant) => `+380${uaCodes[variant % uaCodes.length]}000${four}`,
    national: (e164) => {
      const [code, rest] = [e164.slice(4, 6), e164.slice(6)];
      const parts = [rest.slice(0, 3), rest.slice(3, 5), rest.slice(5)];
      return [
        `0${code} ${parts.join(' ')}`,
        `(0${code}) ${parts.join('-')}`,
        `+38 (0${code}) ${parts.join('-')}`,
        `0${code}${rest}`,
      ];
    },
  },
  polish: {
    women: words('Agnieszka Katarzyna Małgorzata Zofia Łucja Józefina Bożena Grażyna Elżbieta Halina Iwona Żaneta'),
    men: words('Łukasz Paweł Michał Grzegorz Krzysztof Stanisław Tomasz Wojciech Zbigniew Jarosław Kazimierz Mateusz'),
    surnames: words(`Kowalska|Kowalski Wiśniewska|Wiśniewski Dąbrowska|Dąbrowski Zielińska|Zieliński Wójcik Woźniak Król
      Jabłońska|Jabłoński Pawlak Gołąb Święcicka|Święcicki Źródlak Ćwik Łabędź Mączka Żurek`),
    regions: words('Warszawa Kraków Łódź Wrocław Poznań Gdańsk Rzeszów Lublin Białystok'),
    phone: (four, variant) => `+48${['501', '600', '790'][variant % 3]}00${four}`,
    national: (e164) => [e164.slice(3).replace(/(...)(...)(...)/, '$1 $2 $3')],
  },
  german: {
    women: words('Annegret Brigitte Gisela Heike Jutta Käthe Liesel Renate Sabine Ute Ursula Bärbel'),
    men: words('Björn Dieter Eberhard Günther Heinz Jörg Jürgen Klaus Lothar Rüdiger Uwe Wolfgang'),
    surnames: words(`Bäcker Brückner Förster Gärtner Grün Hübner Jäger Köhler Krämer Löffler Müller Schäfer Schröder
      Strauß Weiß Zöllner`),
    regions: words('Berlin Hamburg München Köln Leipzig Dresden Nürnberg Düsseldorf Freiburg'),
    phone: (four, variant) => `+49${['151', '170', '176'][variant % 3]}0000${four}`,
    national: (e164) => [`0${e164.slice(3, 6)} ${e164.slice(6)}`, `0${e164.slice(3, 6)}/${e164.slice(6)}`],
  },
  bulgarian: {
    women: words('Анелия Боряна Величка Гергана Десислава Елица Женя Златка Йорданка Калина Радка Цветана'),
    men: words('Асен Борислав Веселин Георги Димитър Живко Здравко Йордан Калоян Любомир Румен Цветан'),
    surnames: words(`Ангелова|Ангелов Борисова|Борисов Василева|Василев Градинарова|Градинаров Димитрова|Димитров
      Желязкова|Желязков Илиева|Илиев Колева|Колев Пеева|Пеев Стоянова|Стоянов Тодорова|Тодоров Цонева|Цонев`),
    regions: words('София Пловдив Варна Бургас Русе Плевен'),
    phone: (four, variant) => `+359${['880', '879', '890'][variant % 3]}0${four}0`,
    national: (e164) => [`0${e164.slice(4)}`],
  },
  english: {
    women: words('Abigail Beatrice Daisy Edith Fiona Harriet Isla Keira Mabel Olive Phoebe Rosalind'),
    men: words('Albert Cecil Dexter Edgar Gilbert Hugo Ivor Jasper Leonard Nigel Percy Rupert'),
    surnames: words(`Appleby Barrow Chestnut Elderfield Fairweather Greenhill Hawthorn Juniper Larkspur Northgate Oakley
      Pemberton Rowanby Sandgate Underhill Yarrow`),
    regions: words('London Bristol Leeds York Cardiff Glasgow'),
    phone: (four, variant) => `+447${['400', '500'][variant % 2]}00${four}`,
    national: (e164) => [`0${e164.slice(3)}`],
  },
} as const satisfies Record<string, Culture>;
