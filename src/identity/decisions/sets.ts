/** Disjoint sets of names, of which some pairs may never come together. */
export interface Sets {
  /** one name for all that are together */
  find(name: string): string;
  /** false: something on one side must stay apart from something on the other */
  join(a: string, b: string): boolean;
}

export function openSets(apart: readonly (readonly [string, string])[]): Sets {
  const parents = new Map<string, string>();
  // by root: the roots it may not meet
  const enemies = new Map<string, Set<string>>();
  const enemiesOf = (root: string) => enemies.get(root) ?? enemies.set(root, new Set()).get(root) ?? new Set();
  for (const [a, b] of apart) {
    enemiesOf(a).add(b);
    enemiesOf(b).add(a);
  }

  function find(name: string): string {
    let root = name;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    for (let each = name; each !== root; ) {
      const up = parents.get(each) ?? root;
      parents.set(each, root);
      each = up;
    }
    return root;
  }

  function join(a: string, b: string): boolean {
    const [one, other] = [find(a), find(b)];
    if (one === other) return true;
    if (enemies.get(one)?.has(other)) return false;
    parents.set(other, one);
    for (const enemy of enemies.get(other) ?? []) {
      enemiesOf(one).add(enemy);
      enemiesOf(enemy).delete(other);
      enemiesOf(enemy).add(one);
    }
    enemies.delete(other);
    return true;
  }

  return { find, join };
}
