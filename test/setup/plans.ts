interface Asked {
  query<Row extends object>(text: string): Promise<{ rows: Row[] }>;
}

const PARTS = `
  select part.relname as part, whole.relname as whole from pg_inherits
  join pg_class part on part.oid = inhrelid join pg_class whole on whole.oid = inhparent`;

/** A plan in which the partitions of a table, and of its indexes, go by the name of the whole: so it reads alike where there are none. */
export async function wholeNames(database: Asked, plan: string): Promise<string> {
  const { rows } = await database.query<{ part: string; whole: string }>(PARTS);
  const wholes = new Map(rows.map(({ part, whole }) => [part, whole]));
  return plan.replaceAll(/\w+/g, (word) => wholes.get(word) ?? word);
}
