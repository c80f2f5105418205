import { expect, test } from '@jest/globals';
import { isId, newId } from '../../src/kernel/id.ts';

test('ids made in order sort in order, and none comes twice', () => {
  const ids = Array.from({ length: 20_000 }, () => newId());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id for an earlier time sorts before those of later times', () => {
  const times = [new Date(0), new Date('2010-12-01T08:26:00Z'), new Date('2026-11-20T10:15:00Z')];
  const ids = times.map((at) => newId(at));
  expect([...ids].sort()).toEqual(ids);
  expect(ids[1]?.slice(0, 13).replace('-', '')).toBe(times[1]?.getTime().toString(16).padStart(12, '0'));
});

test('only a UUID is an id', () => {
  expect(isId(newId())).toBe(true);
  for (const text of ['', '1', 'new', ` ${newId()}`, `${newId()}\n`, newId().replaceAll('-', ''), `{${newId()}}`]) {
    expect(isId(text)).toBe(false);
  }
});
