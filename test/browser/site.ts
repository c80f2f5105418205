import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { makeApp, type TestApp, type TestUser } from '../make.ts';
import { findChromium } from '../setup/programs.ts';

/** A portal that listens, and a browser to look at it: `const site = await openSite()`, `afterAll(() => site.close())`. */
export interface Site {
  portal: TestApp;
  /** A page of a browser that knows nobody yet; `options` as Playwright takes them. */
  open(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** `settings`: variables of the portal that are not the default. */
export async function openSite(settings: Readonly<Record<string, string>> = {}): Promise<Site> {
  const server = createServer();
  const origin = await listen(server);
  const [portal, browser] = await Promise.all([makeApp({ PUBLIC_URL: origin, ...settings }), launch()]);
  server.on('request', portal.app);
  return {
    portal,
    open: async (options = {}) => {
      const context = await browser.newContext({ baseURL: origin, reducedMotion: 'reduce', ...DESK, ...options });
      context.setDefaultTimeout(PATIENCE);
      return context.newPage();
    },
    close: async () => {
      await browser.close();
      await new Promise((done) => server.close(done));
      await portal.close();
    },
  };
}

/** Port 0: whichever is free. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function launch(): Promise<Browser> {
  // Chromium's sandbox does not work for root.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findChromium(), args: [...asRoot, ...QUIET] });
}

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// How long something may take to appear on a machine that is busy with other things.
const PATIENCE = 20_000;

export const DESK = { viewport: { width: 1280, height: 800 } };
export const PHONE = { viewport: { width: 360, height: 740 } };

/** Signs in by the form and waits for the first page. */
export async function signIn(page: Page, { email, password }: TestUser): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Notes what goes wrong in a page without a word on it: errors of scripts, what the policy refused, what was not found. */
export function collectComplaints(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
  });
}
