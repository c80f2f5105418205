/** Does it with each, so many at a time. */
export async function abreast<T>(
  many: number,
  items: readonly T[],
  work: (item: T, place: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const hand = async () => {
    for (let place = next++; place < items.length; place = next++) await work(items[place] as T, place);
  };
  await Promise.all(Array.from({ length: Math.min(many, items.length) }, hand));
}

/** 0 of nothing. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
