import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { ingestFeedback, ingestMessages } from '../../src/ingest/ingest.ts';
import { exported } from '../exports/make.ts';
import { apiKey, makeApp, memberOf, type TestApp } from '../make.ts';
import { bad, good, nextPhone, ordered, publishAll, seller, words, write } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

describe('writing', () => {
  test('P-03 P-04 P-80 P-82 a company leaves a review, sees it at once, and others only after a moderator has published it', async () => {
    const phone = nextPhone();
    const [author, reader] = [
      await seller(portal, { phones: [phone] }, 'Author Ltd'),
      await seller(portal, { phones: [phone] }),
    ];
    expect((await author.owner.get(author.tab)).text).toContain('Leave a review about the customer');
    await write(author, phone);
    const own = words((await author.owner.get(author.tab)).text);
    expect(own).toContain('Waits for a moderator');
    expect(own).toContain(bad.text);
    expect(words((await reader.owner.get(reader.tab)).text)).not.toContain(bad.text);
    await publishAll(portal);
    const read = words((await reader.owner.get(reader.tab)).text);
    for (const part of [bad.text, 'Bad', 'Refused a parcel', 'Author Ltd', `number ending in ${phone.slice(-2)}`])
      expect(read).toContain(part);
    expect(words((await author.owner.get(author.tab)).text)).not.toContain('Waits for a moderator');
  });

  test('P-81 the tab says when such a review is worth most', async () => {
    const { owner, tab } = await seller(portal, { phones: [nextPhone()] });
    expect(words((await owner.get(tab)).text)).toContain('Worth most before a dear order, or one of a firm.');
  });

  test('P-84 P-85 P-86 P-87 the form shows the rules to whoever writes', async () => {
    const phone = nextPhone();
    const { owner, tab } = await seller(portal, { phones: [phone] });
    const form = words((await owner.get(`${tab}/new`)).text);
    expect(form).toContain('only where the buyer is objectively bad');
    expect(form).toContain('Not where the trouble came from your company');
    expect(form).toContain('A bad review states the reason and the facts');
    expect(form).toContain('A bad review is signed by your company');
  });

  test.each([
    ['P-86 without facts', { text: 'bad buyer' }, 'a bad review needs facts'],
    ['P-86 without a reason', { reason: '' }, 'Please choose one.'],
    ['with a reason of the other kind', { reason: 'pays_promptly' }, 'This reason does not go with'],
    ['P-87 without its signature', { anonymous: 'on' }, 'A bad review is signed by the company.'],
    ['that is too long', { text: 'x'.repeat(2001) }, 'At most 2000 characters.'],
    ['about a number that is not the customer’s', { phone: '+380671110000' }, 'Please choose one.'],
  ])('a bad review %s is refused beside the field, and what was typed is kept', async (_name, change, message) => {
    const phone = nextPhone();
    const { owner, tab } = await seller(portal, { phones: [phone] });
    await owner.get(`${tab}/new`);
    const answer = await owner.post(tab, { phone, ...bad, ...change });
    expect(answer.status).toBe(422);
    expect(words(answer.text)).toContain(message);
    expect(answer.text).toContain({ ...bad, ...change }.text);
    expect(words((await owner.get(tab)).text)).toContain('No reviews');
  });

  test('reading 11 good and neutral ones may go without a name, and without many words', async () => {
    const phone = nextPhone();
    const [author, reader] = [
      await seller(portal, { phones: [phone] }, 'Nameless Ltd'),
      await seller(portal, { phones: [phone] }),
    ];
    await write(author, phone, good);
    await publishAll(portal);
    const read = words((await reader.owner.get(reader.tab)).text);
    expect(read).toContain('Pays promptly');
    expect(read).toContain('A company that did not sign');
    expect(read).not.toContain('Nameless Ltd');
  });

  test('one living review for each company and number, also when it is sent twice at once', async () => {
    const phone = nextPhone();
    const author = await seller(portal, { phones: [phone] });
    await author.owner.get(`${author.tab}/new`);
    const answers = await Promise.all([1, 2, 3].map(() => author.owner.post(author.tab, { phone, ...bad })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
    const again = await author.owner.get(`${author.tab}/new`);
    expect(words(again.text)).toContain('has written about every number of this customer');
    expect((await author.owner.get(author.tab)).text).not.toContain('Leave a review about the customer');
  });

  test('reading 8 which number, where the customer has several; each can have one', async () => {
    const [first, second] = [nextPhone(), nextPhone()];
    const author = await seller(portal, { phones: [first, second] });
    expect((await author.owner.get(`${author.tab}/new`)).text).toContain(`<option value="${second}"`);
    await write(author, second);
    expect((await author.owner.get(`${author.tab}/new`)).text).toContain(`name="phone" value="${first}"`);
    await write(author, first, good);
    const tab = words((await author.owner.get(author.tab)).text);
    expect(tab).toContain(`number ending in ${first.slice(-2)}`);
    expect(tab).toContain(`number ending in ${second.slice(-2)}`);
  });

  test('a viewer reads and does not write', async () => {
    const phone = nextPhone();
    const author = await seller(portal, { phones: [phone] });
    const viewer = await memberOf(portal, author.company, 'viewer');
    const page = await viewer.get(author.tab);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('Leave a review');
    expect((await viewer.get(`${author.tab}/new`)).status).toBe(403);
    expect((await viewer.post(author.tab, { phone, ...bad })).status).toBe(403);
  });

  test.each([
    '<script>alert(1)</script> took nothing at all',
    "'; drop table review; -- and more words",
    '{{text}} #{7*7} 🏴‍☠️ \u202Ereversed',
    'نص عربي طويل بما يكفي للوقائع',
    'Line one\r\nline two of the facts',
  ])('a hostile text passes unharmed: %j', async (text) => {
    const phone = nextPhone();
    const [author, reader] = [await seller(portal, { phones: [phone] }), await seller(portal, { phones: [phone] })];
    await write(author, phone, { ...bad, text });
    await publishAll(portal);
    const page = (await reader.owner.get(reader.tab)).text;
    const escaped = text
      .replaceAll('\r\n', '\n')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll("'", '&#x27;')
      .replaceAll('=', '&#x3D;');
    expect(page).toContain(escaped);
    expect(page).not.toContain('<script>alert');
  });
});

describe('what the reader sees', () => {
  test('P-59 P-89 reviews hang on the number: they come and go with it', async () => {
    const [old, fresh] = [nextPhone(), nextPhone()];
    const [one, other] = [await seller(portal, { phones: [old] }), await seller(portal, { phones: [fresh] })];
    await write(one, old, { ...bad, text: 'About the old number: took nothing.' });
    await write(other, fresh, { ...bad, text: 'About the new number: took nothing.' });
    await publishAll(portal);
    const reader = await seller(portal, { phones: [nextPhone()], emails: ['moved@example.com'] });
    await ordered(portal, reader.company, { phones: [old], emails: ['moved@example.com'] }, { externalId: 'moves' });
    expect(words((await reader.owner.get(reader.tab)).text)).toContain('About the old number');
    await ordered(portal, reader.company, { phones: [fresh], emails: ['moved@example.com'] }, { externalId: 'moves' });
    const read = words((await reader.owner.get(reader.tab)).text);
    expect(read).toContain('About the new number');
    expect(read).not.toContain('About the old number');
  });

  test('P-44 P-79 the union over all numbers, without doubles: on the tab and in the list', async () => {
    const [first, second] = [nextPhone(), nextPhone()];
    const author = await seller(portal, { phones: [first, second] });
    await write(author, first);
    await write(author, second, good);
    await publishAll(portal);
    const reader = await seller(portal, { phones: [first, second] });
    expect(words((await reader.owner.get(reader.tab)).text)).toContain('Reviews 2');
    expect(words((await reader.owner.get('/customers')).text)).toMatch(/ 2 /);
    expect((await reader.owner.get('/customers')).text).toContain(`href="${reader.tab}" aria-label="2 reviews about`);
  });

  test('P-44 the same number in the filter, in the API and in an export; one that waits counts for its author alone', async () => {
    const [first, second] = [nextPhone(), nextPhone()];
    const [author, reader] = [
      await seller(portal, { phones: [first, second] }),
      await seller(portal, { phones: [first] }),
    ];
    await write(author, first);
    await publishAll(portal);
    await write(author, second, good);
    for (const [{ company, owner, customer }, count] of [
      [author, 2],
      [reader, 1],
    ] as const) {
      expect((await owner.get(`/customers?where=reviews:eq:${count}`)).text).toContain(customer);
      expect((await owner.get(`/customers?where=reviews:gt:${count}`)).text).not.toContain(
        `href="/customers/${customer}`,
      );
      const key = await apiKey(portal, company);
      const answer = await request(portal.app)
        .get(`/api/v1/companies/${company.slug}/customers/${customer}`)
        .set('Authorization', `Bearer ${key}`);
      expect(answer.body.counts.reviews).toBe(count);
      const [header = [], row = []] = await exported(portal, company);
      expect(row[header.indexOf('Reviews')]).toBe(String(count));
    }
  });

  test('P-83 without any dealing there is nothing at all, and nothing can be written', async () => {
    const phone = nextPhone();
    const author = await seller(portal, { phones: [phone] });
    await write(author, phone);
    await publishAll(portal);
    const reader = await seller(portal, { phones: [nextPhone()], emails: ['asked@example.com'] });
    const customer = { phones: [phone], emails: ['asked@example.com'] };
    const at = new Date().toISOString();
    await ingestFeedback(
      portal.tenancy,
      reader.company,
      [{ externalId: 'f', writtenAt: at, customer, rating: 1, text: '' }],
      new Date(),
    );
    await ingestMessages(
      portal.tenancy,
      reader.company,
      [{ externalId: 'm', sentAt: at, direction: 'out', customer, text: 'Hello' }],
      new Date(),
      true,
    );
    const page = await reader.owner.get(reader.tab);
    expect(words(page.text)).not.toContain(bad.text);
    expect(words(page.text)).toContain('Reviews 0');
    await reader.owner.get(`${reader.tab}/new`);
    expect((await reader.owner.post(reader.tab, { phone, ...bad })).status).toBe(422);
  });
});
