import type { Finding } from './report.ts';

/** What a tool takes for a weakness and is none, with the reason. Whatever no rule names is open. */
interface Rule {
  tool: string;
  what: RegExp;
  where: RegExp;
  because: string;
}

const PLAIN =
  'the portal is attacked over plain http of this machine; with an https PUBLIC_URL it is there, which the checks of cookies and headers prove';

const RULES: readonly Rule[] = [
  {
    tool: 'wapiti',
    what: /X-XSS-Protection is not set/,
    where: /./,
    because:
      'sent as 0 on purpose: the filter it switched on is gone from browsers and was a weakness itself; the policy of contents stands instead',
  },
  { tool: 'wapiti', what: /Strict-Transport-Security is not set/, where: /./, because: PLAIN },
  { tool: 'wapiti', what: /Secure flag is not set in the cookie/, where: /./, because: PLAIN },
  {
    tool: 'wapiti',
    what: /^Cross Site Request Forgery/,
    where: /^POST \/(?:logout|profile\/(?:password|sessions|security))/,
    because:
      'the tool would throw itself out there, so it is answered 404 with a token and without one (test/attack/gate.ts); `forgery` tries these addresses, and each is refused',
  },
];

export function explained(tool: string, finding: Finding): Finding {
  const rule = RULES.find(
    (each) => each.tool === tool && each.what.test(finding.what) && each.where.test(finding.where),
  );
  return rule ? { ...finding, explained: rule.because } : finding;
}
