import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ElementHandle, Locator, Page } from 'playwright-core';
import { makeShop, OLENA, type Shop } from './shop.ts';
import { openSite, type Site, signIn } from './site.ts';
import { countOf, textsOf } from './texts.ts';

let site: Site;
let shop: Shop;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  shop = await makeShop(site.portal);
  page = await site.open();
  await signIn(page, shop.owner);
});
afterAll(() => site.close());
beforeEach(async () => {
  await page.goto('/customers');
});

describe('with the keyboard alone', () => {
  test('one signs in', async () => {
    const own = await site.open();
    await own.goto('/login');
    await tabTo(own.getByLabel('E-mail'));
    await own.keyboard.type(shop.owner.email);
    await own.keyboard.press('Tab');
    await own.keyboard.type(shop.owner.password);
    await own.keyboard.press('Enter');
    await own.getByRole('heading', { name: 'Customers' }).waitFor();
  });

  test('the first stop leads past the menu to the content', async () => {
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    expect(await isFocused(skip)).toBe(true);
    expect(await clipPathOf(skip)).toBe('none');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await isFocused(page.getByRole('link', { name: 'Deleted customers' }))).toBe(true);
  });

  test('P-50 one searches and opens the first customer', async () => {
    await tabTo(page.getByRole('searchbox'));
    await page.keyboard.type('0671234567');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=0671234567/);
    await tabTo(page.locator('tbody .who').first());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: OLENA.name }).waitFor();
  });

  test('P-32 one adds a criterion, and takes it away', async () => {
    await tabTo(page.locator('summary', { hasText: 'Add filter' }));
    await page.keyboard.press('Enter');
    await tabTo(page.locator('.list-tools').getByRole('link', { name: 'Orders', exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/add=orders/);
    // Where the value is typed, one is at once.
    expect(await isFocused(page.getByRole('textbox', { name: 'Orders' }))).toBe(true);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('more');
    await page.keyboard.press('Tab');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await page.waitForURL(/where=orders/);
    expect(await textsOf(page.locator('.chip > span'))).toEqual(['Orders: more than 2']);
    await tabTo(page.getByRole('link', { name: 'Remove the filter “Orders: more than 2”' }));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.search === '');
    expect(await countOf(page.locator('.chip'))).toBe(0);
  });

  test('Escape closes a menu and leads back to its button', async () => {
    const button = page.locator('summary', { hasText: 'Sort' });
    await tabTo(button);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await isFocused(button)).toBe(false);
    await page.keyboard.press('Escape');
    expect(await isFocused(button)).toBe(true);
    expect(await page.getByRole('link', { name: 'Most orders first' }).isVisible()).toBe(false);
  });

  test.each(['light', 'dark'] as const)(
    'one always sees where one is, and gets through the page (%s)',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto('/customers?where=gender:is:female&where=orders:gte:2&q=Olena&add=activity');
      const seen: { stop: ElementHandle; focused: string }[] = [];
      for (let stop = await nextStop(); stop; stop = await nextStop()) {
        seen.push({ stop, focused: await lookOf(stop) });
        expect(await stop.isVisible()).toBe(true);
      }
      expect(seen.length).toBeGreaterThan(30);
      const unmarked = seen.map(async ({ stop, focused }) => (focused === (await lookOf(stop)) ? String(stop) : null));
      expect((await Promise.all(unmarked)).filter(Boolean)).toEqual([]);
    },
  );
});

/** All that a mark of the focus may be made of. */
const lookOf = (stop: ElementHandle): Promise<string> =>
  stop.evaluate((element: Styled) => {
    const { outline, boxShadow, borderColor } = element.ownerDocument.defaultView.getComputedStyle(element);
    return [outline, boxShadow, borderColor].join();
  });

/** Says how a part of the page is hidden from the eye, though not from Tab. */
const clipPathOf = (what: Locator): Promise<string> =>
  what.evaluate((element: Styled) => element.ownerDocument.defaultView.getComputedStyle(element).clipPath);

/** So much of the browser's own types as is needed here. */
interface Styled {
  ownerDocument: { defaultView: { getComputedStyle(element: Styled): Record<Property, string> } };
}
type Property = 'outline' | 'boxShadow' | 'borderColor' | 'clipPath';

/** What Tab leads to; null: the page is at its end. */
async function nextStop(): Promise<ElementHandle | null> {
  await page.keyboard.press('Tab');
  const focused = await page.evaluateHandle('document.activeElement === document.body ? null : document.activeElement');
  return focused.asElement();
}

const isFocused = async (what: Locator) => (await what.and(what.page().locator(':focus')).count()) === 1;

/** As often as it takes, but not for ever. */
async function tabTo(what: Locator): Promise<void> {
  for (let stops = 0; stops < 60; stops++) {
    if (await isFocused(what)) return;
    await what.page().keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${what}`);
}
