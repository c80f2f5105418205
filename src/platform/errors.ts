/** Whether this is the system's or the database's error of that code (`ENOENT`, `23505`). */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
