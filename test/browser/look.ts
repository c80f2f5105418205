import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { DESK, PHONE } from './site.ts';

/**
 * What is wrong with the page as it stands, in light and dark, on a desk and on a phone; nothing: an empty list. `part`: only in
 * there.
 */
export async function faultsOf(page: Page, part = 'html'): Promise<string[]> {
  const faults: string[] = [];
  for (const { viewport } of [DESK, PHONE]) {
    await page.setViewportSize(viewport);
    const wide = await page.evaluate<string[]>(TOO_WIDE);
    faults.push(...wide.map((what) => `${viewport.width} px: ${what} is too wide`));
    await page.emulateMedia({ colorScheme: 'light' });
    faults.push(...(await hurdlesOf(page, part, EVERYTHING)).map((hurdle) => `${viewport.width} px: ${hurdle}`));
    await page.emulateMedia({ colorScheme: 'dark' });
    faults.push(...(await hurdlesOf(page, part, COLOURS)).map((hurdle) => `${viewport.width} px, dark: ${hurdle}`));
  }
  return faults;
}

// The page, or a table in it, has to be scrolled sideways.
const TOO_WIDE = `[document.documentElement, ...document.querySelectorAll('.table-responsive')]
  .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className || each.tagName)`;

/** What keeps people out (WCAG 2.2 AA and good practice), as axe finds it. */
async function hurdlesOf(page: Page, part: string, options: RunOptions): Promise<string[]> {
  // axe is a megabyte, and stays where it was brought: one page needs it once for all its looks.
  const known = await page.evaluate<boolean>('window.axe !== undefined');
  const axe = new AxeBuilder(known ? { page, axeSource: 'undefined' } : { page }).include(part).setLegacyMode();
  const { violations } = await axe.options({ ...options, resultTypes: ['violations'] }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`));
}

type RunOptions = Parameters<AxeBuilder['options']>[0];

// The size of what is clicked is new in WCAG 2.2, and not among axe's defaults.
const EVERYTHING: RunOptions = { rules: { 'target-size': { enabled: true } } };
// All that is different in the dark.
const COLOURS: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] };
