/**
 * Contacts that came after a merge and belong to the one who is taken out again: those that orders and messages name together with
 * what leaves, and never with what stays. `proofs`: the contacts of each order or message, by key. Pure.
 */
export function followers(
  leaving: ReadonlySet<string>,
  newcomers: ReadonlySet<string>,
  proofs: readonly (readonly string[])[],
): string[] {
  const known = new Map<string, Set<string>>();
  for (const proof of proofs) {
    for (const key of proof.filter((each) => newcomers.has(each))) {
      const friends = known.get(key) ?? new Set();
      for (const each of proof) friends.add(each);
      known.set(key, friends);
    }
  }
  const seen = new Set<string>();
  return [...newcomers].flatMap((key) => {
    if (seen.has(key)) return [];
    const circle = circleOf(key, known);
    for (const each of circle) seen.add(each);
    const strangers = [...circle].filter((each) => !newcomers.has(each));
    const goes = strangers.length > 0 && strangers.every((each) => leaving.has(each));
    return goes ? [...circle].filter((each) => newcomers.has(each)) : [];
  });
}

/** Everything that is named together with it, over other newcomers too. */
function circleOf(key: string, known: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const circle = new Set([key]);
  for (const each of circle) for (const friend of known.get(each) ?? []) circle.add(friend);
  return circle;
}
