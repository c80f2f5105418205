import { Secret, TOTP } from 'otpauth';
import type { TestApp, TestUser, Visitor } from '../make.ts';

/** What the app on the phone shows at that moment. */
export const codeOf = (secret: string, at: Date): string =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp: at.getTime() });

export const HALF_MINUTE = 30_000;

/** The portal's clock stands still, and goes on by half minutes: each of them has one code. */
export function makeTime(portal: TestApp, from = new Date()) {
  let now = from;
  portal.setNow(now);
  return {
    now: () => now,
    pass: (milliseconds = HALF_MINUTE) => {
      now = new Date(now.getTime() + milliseconds);
      portal.setNow(now);
      return now;
    },
  };
}
export type Time = ReturnType<typeof makeTime>;

/** Sets an app up as a person does. Answers its secret and the recovery codes that were shown. */
export async function turnOn(visitor: Visitor, user: TestUser, time: Time) {
  await visitor.get('/profile/security');
  await visitor.post('/profile/security', { current: user.password });
  const secret = secretIn((await visitor.get('/profile/security/setup')).text);
  const answer = await visitor.post('/profile/security/setup', { code: codeOf(secret, time.now()) });
  time.pass();
  await visitor.get('/profile/security');
  return { secret, codes: codesIn(answer.text), answer };
}

export const secretIn = (html: string): string => /class="factor-secret">([^<]*)</.exec(html)?.[1] ?? '';

export const codesIn = (html: string): string[] =>
  [...html.matchAll(/<li><code>([^<]*)<\/code>/g)].map(([, code]) => code ?? '');
