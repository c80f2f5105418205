const LETTERS: Readonly<Record<string, string>> = {
  ...pairs('абвгґдезиіїйклмнопрстуфцьъы', 'a b v h g d e z y i i i k l m n o p r s t u f ts - - y'),
  ...pairs('жхчшщюяєëё', 'zh kh ch sh shch iu ia ie e e'),
  ...pairs('łßäöüø', 'l ss ae oe ue o'),
};

/** A name in the letters an e-mail address is made of: `Олена Коваль` → `olena.koval`. */
export function latin(name: string): string {
  const letters = [...name.toLowerCase().normalize('NFC')].map((letter) => LETTERS[letter] ?? letter).join('');
  const plain = letters.normalize('NFD').replace(/[^a-z ]/g, '');
  return plain.trim().replaceAll(/ +/g, '.');
}

function pairs(from: string, to: string): Record<string, string> {
  const latinLetters = to.split(' ').map((letters) => letters.replace('-', ''));
  return Object.fromEntries([...from].map((letter, index) => [letter, latinLetters[index] ?? '']));
}
