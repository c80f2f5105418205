import { describe, expect, test } from '@jest/globals';
import { wishOf } from '../../../src/sms/stop/words.ts';

describe('P-02 STOP in the languages of the portal, as people type it', () => {
  test.each([
    ...[
      'STOP',
      'stop',
      'Stop.',
      ' STOP! ',
      '"Stop"',
      'STOPALL',
      'Stop all',
      'UNSUBSCRIBE',
      'CANCEL',
      'END',
      'QUIT',
      'SPAM',
      'opt-out',
    ],
    ...[
      'СТОП',
      'стоп.',
      'Стоп!!!',
      'ВІДПИСАТИ',
      'Відписатись',
      'відписатися',
      'ВІДПИСКА',
      'СПАМ',
      'не пишіть',
      'Не надсилайте!',
    ],
    ...[
      'ＳＴＯＰ',
      'S\u200BTOP',
      'STO\u0301P',
      'S T O P'.replaceAll(' ', ''),
      'stop\n',
      'STOP STOP STOP',
      '🛑 STOP 🛑',
    ],
    // Of mixed alphabets: Т, О, Р of the Cyrillic one; C, T, O of the Latin one; a zero; Greek.
    ...['SТОР', 'CTOП', 'CTOP', 'ST0P', 'ЅTOP', 'STΟΡ'],
    ...['Не пишіть мені', 'не пишите мне', 'Більше не пишіть мені!', 'Не надсилайте мені більше смс', 'мне не пишите'],
    ...[
      'Скасувати',
      'отмена',
      'відписатися від розсилки',
      'Отпишите меня от рассылки',
      'стоп рассылка',
      'стоп розсилка',
    ],
    ...['stop it', 'Stop texting me', 'Please stop sending me messages', "Don't text me", 'remove me from list'],
    ...['please stop', 'Stop, please!', 'будь ласка, стоп', 'стоп смс', 'Отписаться'],
  ])('%j', (text) => {
    expect(wishOf(text)).toBe('stop');
  });
});

describe('what only sounds like it is a message', () => {
  test.each([
    ...[
      '',
      '?',
      'Stop by at five',
      'stop by the shop tomorrow',
      'Відпишіть мені, коли привезете',
      'Відпишіть мені',
      'Отпишите мне',
      'Не пишіть мені, дзвоніть',
      'отмена заказа 17',
      'Розсилка',
      'мені більше не треба',
      "Don't stop",
      'cancel my order',
      'Зупинка',
      'I will not stop buying',
      'Скасувати замовлення 1001',
      'ні',
      'no',
      '1',
      'смс',
      'please',
    ],
    ...[
      'Коли відкриєтесь?',
      'the end of the story',
      'стопка',
      'stopwatch',
      'x'.repeat(5000),
      `stop ${'please '.repeat(200)}`,
    ],
  ])('%j', (text) => {
    expect(wishOf(text)).toBeNull();
  });
});

test('START, and a yes that may be one', () => {
  expect(['START', 'start!', 'UNSTOP', 'СТАРТ', 'старт.', 'Підписатися'].map(wishOf)).toEqual(Array(6).fill('start'));
  expect(['YES', 'так', 'Так!'].map(wishOf)).toEqual(Array(3).fill('yes'));
  expect(['HELP', 'Допомога', 'info?', 'ІНФО', 'ДОВІДКА'].map(wishOf)).toEqual(Array(5).fill(null));
});
