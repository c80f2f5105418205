import type { Finding } from './report.ts';

/** What a tool takes for a weakness and is none, with the reason. Whatever no rule names is open. */
interface Rule {
  tool: string;
  what: RegExp;
  where: RegExp;
  because: string;
}

const RULES: readonly Rule[] = [];

export function explained(tool: string, finding: Finding): Finding {
  const rule = RULES.find(
    (each) => each.tool === tool && each.what.test(finding.what) && each.where.test(finding.where),
  );
  return rule ? { ...finding, explained: rule.because } : finding;
}
