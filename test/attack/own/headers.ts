import request from 'supertest';
import { call } from '../../bench/load.ts';
import { makeApp } from '../../make.ts';
import { catalogueOf } from '../catalogue.ts';
import type { Attacker } from '../people.ts';
import type { Finding } from '../report.ts';
import type { Stage } from '../stage.ts';
import type { Tell } from './doors.ts';

/** What every page says about itself: no cache keeps it, nobody frames it, nothing foreign runs in it. On https, cookies are locked. */
export async function headers(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const findings: Finding[] = [];
  const tell: Tell = (isBad, what, where) => isBad && findings.push({ what, where });
  const shots = (await catalogueOf(stage, attacker)).filter(({ route }) => route.method === 'GET');
  for (const { path } of shots) {
    const { headers: told } = await call(attacker.site, path);
    const [cache, policy] = [String(told['cache-control']), String(told['content-security-policy'])];
    tell(!/no-store|private, no-cache/.test(cache), `may be kept by a cache: ${cache}`, path);
    tell(!/default-src 'none'/.test(policy) || /unsafe|\*/.test(policy), `has the policy ${policy}`, path);
    tell(!/frame-ancestors 'none'/.test(policy), 'may be framed', path);
    tell(told['x-content-type-options'] !== 'nosniff', 'lets its type be guessed', path);
    tell(told['access-control-allow-origin'] !== undefined, 'may be read by other sites', path);
    tell(told['x-powered-by'] !== undefined || told.server !== undefined, 'tells what it runs on', path);
  }
  if (attacker.who === 'nobody') await overHttps(tell);
  return { findings, note: `${shots.length} pages` };
}

async function overHttps(tell: Tell): Promise<void> {
  const portal = await makeApp({ PUBLIC_URL: 'https://clients.example.com' });
  try {
    const page = await request(portal.app).get('/login?lang=uk').set('X-Forwarded-Proto', 'https');
    const cookies = [page.headers['set-cookie'] ?? []].flat();
    for (const cookie of cookies) {
      tell(
        !/; Secure/.test(cookie) || !/; HttpOnly/.test(cookie) || !/; SameSite=Lax/.test(cookie),
        'is not locked',
        cookie,
      );
      tell(!/^(?:__Host-|lang=)/.test(cookie), 'is not bound to the host', cookie);
    }
    tell(cookies.length < 2, 'the check is blind: no cookies', '/login');
    tell(
      !/max-age=\d{7,}/.test(String(page.headers['strict-transport-security'])),
      'does not insist on https',
      '/login',
    );
  } finally {
    await portal.close();
  }
}
