/** Lines of cells under each other; the columns named by `left` stand to the left. */
export function columns(lines: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const place = (text: string, column: number) =>
    left.includes(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(place).join('  ').trimEnd()).join('\n');
}
