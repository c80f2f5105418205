export interface Marked {
  id: string;
  /** what identifies it */
  keys: readonly string[];
}

/**
 * Which arrivals belong together, told as simply as can be: each takes in all groups that share a key with it.
 * Arrivals without keys are left out. Groups and members are sorted.
 */
export function components(arrivals: readonly Marked[]): string[][] {
  let groups: { ids: string[]; keys: string[] }[] = [];
  for (const { id, keys } of arrivals) {
    if (keys.length === 0) continue;
    const met = groups.filter((group) => group.keys.some((key) => keys.includes(key)));
    const joined = {
      ids: [id, ...met.flatMap((group) => group.ids)],
      keys: [...keys, ...met.flatMap((group) => group.keys)],
    };
    groups = [...groups.filter((group) => !met.includes(group)), joined];
  }
  return sorted(groups.map((group) => group.ids));
}

/** The same shape from what was decided: the ids of arrivals, grouped by their customer. */
export function byCustomer(assigned: Iterable<readonly [id: string, customerId: string | null]>): string[][] {
  const groups = new Map<string, string[]>();
  for (const [id, customerId] of assigned) {
    if (customerId !== null) groups.set(customerId, [...(groups.get(customerId) ?? []), id]);
  }
  return sorted([...groups.values()]);
}

const sorted = (groups: string[][]) =>
  groups.map((ids) => ids.toSorted()).toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
