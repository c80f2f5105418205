import type { Locator } from 'playwright-core';

// A click returns when the next page begins to come; what is read is the whole page, not as far as it has come.

/** What somebody reads there. */
export async function textOf(place: Locator): Promise<string> {
  return (await whole(place)).innerText();
}

/** What somebody reads in each of them, none included. */
export async function textsOf(places: Locator): Promise<string[]> {
  return (await whole(places)).allInnerTexts();
}

export async function countOf(places: Locator): Promise<number> {
  return (await whole(places)).count();
}

async function whole(place: Locator): Promise<Locator> {
  await place.page().waitForLoadState('domcontentloaded');
  return place;
}
