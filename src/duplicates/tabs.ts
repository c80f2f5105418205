import type { CompanyContext } from '../web/context.ts';

/** The pages about who is who; partial `sections`. */
export interface Tab {
  label: string;
  path: string;
  current: boolean;
}

const PATHS = { pairs: '/duplicates', sharing: '/duplicates/sharing', decisions: '/duplicates/decisions' } as const;
type Name = keyof typeof PATHS;

export const tabsOf = ({ t }: Pick<CompanyContext, 't'>, current: Name): Tab[] =>
  (Object.keys(PATHS) as Name[]).map((name) => ({
    label: t(`duplicates.tab.${name}`),
    path: PATHS[name],
    current: name === current,
  }));
