/** 500 last names, half of them Cyrillic: each belongs to about 2,000 of 1,000,000 customers. None is a part of another word here. */
export const names = {
  latin: {
    female: ['Olena', 'Iryna', 'Maria', 'Anna', 'Sofia', 'Daryna', 'Yuliia', 'Oksana', 'Kateryna', 'Viktoria'],
    male: ['Andrii', 'Taras', 'Petro', 'Ivan', 'Roman', 'Maksym', 'Bohdan', 'Oleh', 'Artem', 'Dmytro'],
    last: combine(
      'Bondar Tkach Melnyk Koval Kravets Shevch Polish Lysen Moroz Savch Rudn Pavl Klym Hryts Danyl Zahor Yakym Vasyl Tymosh Sydor Romanch Petr Oliin Nazar Martyn',
      'enko chuk ovych skyi yshyn iuk ets uk onis iv',
    ),
  },
  cyrillic: {
    female: ['Олена', 'Ірина', 'Марія', 'Ганна', 'Софія', 'Дарина', 'Юлія', 'Оксана', 'Катерина', 'Вікторія'],
    male: ['Андрій', 'Тарас', 'Петро', 'Іван', 'Роман', 'Максим', 'Богдан', 'Олег', 'Артем', 'Дмитро'],
    last: combine(
      'Гайдам Дубров Верб Калин Ялин Сокол Ворон Жайвор Лебед Солов Зозул Журав Крук Перепел Голуб Яструб Дятл Синиц Горобц Чайк Орл Шпак Щигл Снігур Іволг',
      'енко чук ович ський ишин юк ець ук оніс ів',
    ),
  },
} as const;

/** Searched for: the first and the last of the two lists are as good as any. */
export const searched = { latin: 'Bondarenko', cyrillic: 'Журавчук' };

export const regions = [
  ...[
    'Kyiv',
    'Lviv',
    'Odesa',
    'Kharkiv',
    'Dnipro',
    'Poltava',
    'Sumy',
    'Vinnytsia',
    'Lutsk',
    'Rivne',
    'Ternopil',
    'Uzhhorod',
  ],
  ...[
    'Київ',
    'Львів',
    'Одеса',
    'Харків',
    'Дніпро',
    'Полтава',
    'Суми',
    'Вінниця',
    'Луцьк',
    'Рівне',
    'Тернопіль',
    'Ужгород',
    'Черкаси',
  ],
];

export const mailWords =
  'apple birch cedar daisy elder fern grape hazel iris juniper kale linden maple nettle olive pine quince rose sage tulip'.split(
    ' ',
  );

function combine(stems: string, endings: string): string[] {
  return stems.split(' ').flatMap((stem) => endings.split(' ').map((ending) => stem + ending));
}
