import { columns } from '../bench/columns.ts';
/** What a tool holds against the portal. */
export interface Finding {
  what: string;
  where: string;
  /** why it is none; unset: it is open */
  explained?: string;
}

/** One tool as one person. */
export interface Row {
  tool: string;
  as: string;
  requests: number;
  seconds: number;
  findings: Finding[];
  note: string;
}

export const open = ({ findings }: Pick<Row, 'findings'>): Finding[] =>
  findings.filter(({ explained }) => explained === undefined);

/** One row for each tool and person, then every finding with its reason. */
export function report(rows: readonly Row[]): string {
  const head = ['tool', 'as', 'requests', 'seconds', 'findings', 'explained', 'open', ''];
  const cells = rows.map((row) => {
    const left = open(row).length;
    const figures = [row.requests, row.seconds, row.findings.length, row.findings.length - left, left];
    return [row.tool, row.as, ...figures.map((figure) => Math.round(figure).toLocaleString('en')), row.note];
  });
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0).toLocaleString('en');
  const found = (row: Row) => row.findings.length;
  const total = ['all', '', sum((row) => row.requests), sum((row) => Math.round(row.seconds)), sum(found)];
  const last = [...total, sum((row) => found(row) - open(row).length), sum((row) => open(row).length), ''];
  return [columns([head, ...cells, last], [0, 1, 7]), ...rows.flatMap(details)].join('\n');
}

const details = ({ tool, as, findings }: Row): string[] =>
  findings.map(
    ({ what, where, explained }) =>
      `${explained ? 'explained' : 'OPEN'}  ${tool} as ${as}: ${what} at ${where}${explained ? ` (${explained})` : ''}`,
  );
