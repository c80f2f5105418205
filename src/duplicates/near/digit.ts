/** Whether two numbers of one length differ in a single place. */
export function oneDigitApart(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let differences = 0;
  for (let place = 0; place < one.length && differences < 2; place++) {
    if (one[place] !== other[place]) differences++;
  }
  return differences === 1;
}
