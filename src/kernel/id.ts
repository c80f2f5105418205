import { v7, validate } from 'uuid';

/**
 * A new UUIDv7. Ids made by one process without `at` sort in the order they were made, also within a millisecond and
 * when the clock steps back. With `at` (imports, demo data) the id carries that time and sorts by it; two ids of the
 * same `at` are in no particular order.
 */
export function newId(at?: Date): string {
  return at ? v7({ msecs: at.getTime() }) : v7();
}

/** Whether the text is a UUID. Asked of every id from outside before PostgreSQL is: it answers another text with an error. */
export function isId(text: string): boolean {
  return validate(text);
}
