import { SCOPES } from '../../../src/keys/keys.ts';
import type { Route } from '../../../src/web/context.ts';
import { call, type Site, site } from '../../bench/load.ts';
import { type Ids, idOfB, missingId } from '../../isolation/asking.ts';
import { calls, isApi, nameOf, pages, pathOf, type World } from '../../isolation/world.ts';
import { apiKey } from '../../make.ts';
import type { Stage } from '../stage.ts';
import { quantile } from './abreast.ts';

export interface Times {
  /** routes whose time tells one from the other, twice in a row */
  above: string[];
  note: string;
}

// Beyond this an effect is called a middling one; of several hundred samples chance alone stays well below.
const BAR = 0.5;

/** How long a foreign id takes beside a missing one, one after the other in any order, on connections that stay open. */
export async function timings(stage: Stage, world: World): Promise<Times> {
  const { samples } = stage.options;
  if (samples === 0) return { above: [], note: 'times not compared' };
  const measured: { name: string; d: number }[] = [];
  const above: string[] = [];
  const routes = [...pages, ...calls].filter((route) => route.path.includes(':') && route.permission !== 'loopback');
  const sites = await sitesOf(stage, world);
  for (const route of routes) {
    const web = isApi(route) ? sites.key : sites.session;
    const d = await effect(stage, world, route, web, samples);
    measured.push({ name: nameOf(route), d });
    if (d <= BAR) continue;
    const again = await effect(stage, world, route, web, samples);
    if (again > BAR) above.push(`${nameOf(route)} ${d.toFixed(2)} ${again.toFixed(2)}`);
  }
  const once = measured.filter(({ d }) => d > BAR).length;
  const largest = measured.toSorted((a, b) => b.d - a.d)[0];
  return {
    above,
    note: `Cohen’s d over ${measured.length} routes, ${samples} of each: largest ${largest?.d.toFixed(2)} (${largest?.name}), above ${BAR}: ${once}, and again: ${above.length}`,
  };
}

async function sitesOf({ port, url }: Stage, { portal, owner, a }: World) {
  const cookie = owner.agent.jar
    .getCookies({ domain: new URL(url).hostname, path: '/', secure: false, script: false })
    .toValueString();
  return {
    session: site(port, { cookie, 'content-type': 'application/x-www-form-urlencoded' }),
    key: site(port, { authorization: `Bearer ${await apiKey(portal, a, SCOPES)}`, 'content-type': 'application/json' }),
  };
}

async function effect(stage: Stage, world: World, route: Route, web: Site, samples: number): Promise<number> {
  const [theirs, missing]: [number[], number[]] = [[], []];
  const body = bodyOf(world, route);
  const time = async (ids: Ids, into: number[]) => {
    const path = pathOf(route, (kind) => (kind === 'slug' && isApi(route) ? 'ours' : ids(kind)));
    const start = performance.now();
    await call(web, path, route.method === 'GET' ? {} : { method: route.method, body });
    into.push(performance.now() - start);
  };
  for (let n = 0; n < samples; n++) {
    const foreign = () => time(idOfB(world), theirs);
    const absent = () => time(missingId, missing);
    const order = stage.random() < 0.5 ? [foreign, absent] : [absent, foreign];
    for (const each of order) await each();
  }
  return cohen(theirs, missing);
}

const bodyOf = ({ owner, a }: World, route: Route): string =>
  isApi(route) ? '{}' : new URLSearchParams({ _csrf: owner.csrf, _company: a.id }).toString();

/** The difference of the means in standard deviations; the slowest twentieth of each, which is other people's work, left out. */
function cohen(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [trimmed(one), trimmed(other)];
  const spread = Math.sqrt((variance(a) + variance(b)) / 2);
  return spread === 0 ? 0 : Math.abs(mean(a) - mean(b)) / spread;
}

const trimmed = (values: readonly number[]) => {
  const most = quantile(values, 0.95);
  return values.filter((value) => value <= most);
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1);
};
