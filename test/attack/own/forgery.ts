import { call } from '../../bench/load.ts';
import { pages } from '../../isolation/world.ts';
import { addressOf } from '../catalogue.ts';
import { everythingAtRest } from '../ledger.ts';
import type { Attacker } from '../people.ts';
import type { Finding } from '../report.ts';
import type { Stage } from '../stage.ts';

const TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const WITHOUT = [{ _csrf: '' }, { _csrf: 'guessed' }, { _csrf: '0'.repeat(64) }];
const ELSEWHERE = [
  ...[{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }],
  ...[{ 'sec-fetch-site': 'same-site' }, { origin: 'http://127.0.0.1.evil.example' }],
];

interface Found {
  findings: Finding[];
  note: string;
}

/** Every form of the route table, sent without our token, with another, or from another site: refused, and nothing is changed. */
export const forgery = (stage: Stage, attacker: Attacker): Promise<Found> =>
  // Whatever changes then was changed by a form.
  stage.withoutJobs(() => forge(stage, attacker));

async function forge(stage: Stage, attacker: Attacker): Promise<Found> {
  const routes = pages.filter(({ method, permission }) => method !== 'GET' && permission !== 'webhook');
  const before = await everythingAtRest(stage.portal);
  const findings: Finding[] = [];
  const send = async (what: string, path: string, fields: Record<string, string>, headers: object = {}) => {
    const body = new URLSearchParams(fields).toString();
    const { status } = await call(attacker.site, path, { method: 'POST', headers: { ...TYPE, ...headers }, body });
    if (status !== 403) findings.push({ what: `${what} was answered ${status}`, where: `POST ${path}` });
  };
  for (const route of routes) {
    const path = addressOf(route, stage.own);
    const { _csrf: _, ...rest } = attacker.hidden;
    await send('a form without a token', path, rest);
    for (const token of WITHOUT) await send('a form with a wrong token', path, { ...rest, ...token });
    for (const headers of ELSEWHERE)
      await send(`a form from ${JSON.stringify(headers)}`, path, attacker.hidden, headers);
    await send('the token of another person', path, { ...rest, _csrf: stage.attackers.viewer.hidden._csrf ?? '' });
  }
  const after = await everythingAtRest(stage.portal);
  for (const table of after.filter((word) => !before.includes(word)))
    findings.push({ what: 'something was changed', where: table.split(' ')[0] ?? table });
  return { findings, note: `${routes.length} routes, ${WITHOUT.length + ELSEWHERE.length + 2} ways each` };
}
