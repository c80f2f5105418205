import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import request from 'supertest';
import { makeApp, type TestApp } from '../make.ts';
import { findChromium } from '../setup/programs.ts';

let portal: TestApp;
let server: Server;
let browser: Browser;
beforeAll(async () => {
  portal = await makeApp();
  server = portal.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await new Promise((done) => server.close(done));
  await portal.close();
});

test('the docs page is public, and shows overview, fields, examples and errors of every call without any script', async () => {
  const page = await request(portal.app).get('/api/docs');
  expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  const texts = [
    'Getting a key',
    'Idempotency and retries',
    'POST /api/v1/companies/{company}/orders',
    'orders[].customer.phones',
    'Олена Коваль',
    '429',
  ];
  for (const text of texts) expect(page.text).toContain(text);
  expect(page.text).not.toMatch(/<script>|\sstyle=|\son\w+=/);
});

test('everybody can read it: light and dark, on a phone, in both languages', async () => {
  const page = await (await browser.newContext({ locale: 'uk' })).newPage();
  for (const [colorScheme, width, lang] of [
    ['light', 1200, 'en'],
    ['dark', 360, 'uk'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/docs?lang=${lang}`);
    // All calls come from one template: two of them stand for all.
    const axe = new AxeBuilder({ page }).exclude('section:not(#postOrders):not(#getCustomer)');
    const { violations } = await axe.analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  }
}, 60_000);
