import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONTEXT_WORDS, isCommon, isGuessable } from '../../src/auth/password-words.ts';
import { letters, makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const COMMON = 'Sunshine';
const GUESSABLE = 'Clientele-2026';
const FINE = 'fourteen blue herons';

describe('a new password', () => {
  test('is changed with the current one alone', async () => {
    const user = await makeUser(portal);
    const visitor = await signIn(portal, user);
    const change = (current: string) => visitor.post('/profile/password', { current, password: FINE });
    const refused = await change('not this one');
    expect([refused.status, /id="f-current"[^>]*aria-invalid="true"/.test(refused.text)]).toEqual([422, true]);
    expect((await change('')).status).toBe(422);
    expect((await change(user.password)).status).toBe(303);
    await signIn(portal, { ...user, password: FINE });
  });

  test('that leaks have made common, or that is made of guessable words, is refused wherever one is set', async () => {
    const company = await makeCompany(portal, { name: 'Sunflower Garden' });
    const user = await makeUser(portal, { name: 'Oleksandra Kovalchuk', company });
    const visitor = await signIn(portal, user);
    const owner = await memberOf(portal, company);
    await owner.get('/settings/users');
    await owner.post('/settings/users', { email: 'newcomer@example.com', role: 'viewer' });
    const invitation = await linkOf('newcomer@example.com', /\/invitations\/[^\s]+/);
    await visitor.get('/profile');
    const guest = new Visitor(portal);
    await guest.get('/password/forgot');
    await guest.post('/password/forgot', { email: user.email });
    await portal.runJobs();
    const reset = await linkOf(user.email, /\/password\/reset\/\S+/);
    const joining = new Visitor(portal);
    await joining.get(invitation);
    await guest.get(reset);
    const tried = async (password: string) => [
      (await visitor.post('/profile/password', { current: user.password, password })).status,
      (await guest.post(reset, { password })).status,
      (await joining.post(invitation, { name: 'New', password })).status,
    ];
    expect(await tried(COMMON)).toEqual([422, 422, 422]);
    expect(await tried(GUESSABLE)).toEqual([422, 422, 422]);
    expect((await visitor.post('/profile/password', { current: user.password, password: 'Kovalchuk-86' })).status).toBe(
      422,
    );
    expect((await guest.post(reset, { password: 'oleksandra+1' })).status).toBe(422);
    expect((await joining.post(invitation, { name: 'New', password: 'SunflowerGarden1' })).status).toBe(422);
    expect((await joining.post(invitation, { name: 'New', password: FINE })).status).toBe(303);
  });

  test('may consist of any signs, and is taken sign by sign: blanks, capitals and the end of a long one count', async () => {
    const long = `${'a far too long song of herons, '.repeat(6)}and one`;
    for (const password of [
      '    eight blanks',
      'lowercaseletters',
      '9081726354',
      'кожна літера своя ☂',
      long.slice(0, 200),
      ` ${FINE} `,
    ]) {
      const user = await makeUser(portal, { password });
      await signIn(portal, user);
      for (const wrong of [password.trim(), password.toUpperCase(), password.slice(0, 64), password.slice(0, -1)]) {
        if (wrong !== password) await expect(signIn(portal, { ...user, password: wrong })).rejects.toThrow('422');
      }
    }
    const user = await makeUser(portal, { password: ` ${FINE} ` });
    const visitor = await signIn(portal, user);
    expect((await visitor.post('/profile/password', { current: ` ${FINE} `, password: `${FINE} ` })).status).toBe(303);
    await signIn(portal, { ...user, password: `${FINE} ` });
  });

  test('has at least 8 signs, and may have 64 and more', async () => {
    const user = await makeUser(portal);
    const visitor = await signIn(portal, user);
    const change = (password: string) => visitor.post('/profile/password', { current: user.password, password });
    expect((await change('seven 7')).status).toBe(422);
    expect((await change('h'.repeat(201))).status).toBe(422);
    expect((await change('heron '.repeat(11).slice(0, 65))).status).toBe(303);
  });

  test('never has to be renewed: a year later the old one still opens', async () => {
    const user = await makeUser(portal);
    portal.setNow(new Date(Date.now() + 400 * 24 * 3600_000));
    await signIn(portal, user);
    portal.setNow(null);
  });

  test('is typed into fields that hide it, that a password manager fills, and that nothing keeps from pasting', async () => {
    const visitor = await signIn(portal, await makeUser(portal));
    const forms = [(await new Visitor(portal).get('/login')).text, (await visitor.get('/profile')).text];
    const fields = forms.flatMap((html) => html.match(/<input[^>]*name="(?:current|password)"[^>]*>/g) ?? []);
    expect(fields).toHaveLength(3);
    for (const field of fields) {
      expect(field).toMatch(/type="password"/);
      expect(field).toMatch(/autocomplete="(?:current|new)-password"/);
      expect(field).not.toMatch(/onpaste|readonly|maxlength/);
    }
    expect(forms.join()).not.toMatch(/hint question|secret question|mother’s maiden/i);
  });
});

describe('what can be guessed', () => {
  test('thousands of common passwords that are long enough are known, however they are written', () => {
    expect(['password', 'PASSWORD', '12345678', 'iloveyou', 'qwertyuiop'].every(isCommon)).toBe(true);
    expect(isCommon(FINE)).toBe(false);
  });

  test('every word of the list is found, and what has enough besides is let through', () => {
    for (const word of CONTEXT_WORDS) expect([word, isGuessable(`${word}12345`, [])]).toEqual([word, true]);
    expect(isGuessable('Olena-Koval-77', ['Olena Koval'])).toBe(true);
    expect(isGuessable('Olena likes herons', ['Olena Koval'])).toBe(false);
  });
});

const linkOf = async (address: string, pattern: RegExp) => {
  const [letter] = await letters(portal, address);
  return pattern.exec(letter?.body ?? '')?.[0] ?? '';
};
