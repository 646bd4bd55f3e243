/** What axe-core and the accessibility tree say of a page. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, Result } from 'axe-core';
import type { Page } from 'playwright-core';

/** Evaluated by the debugger, because the pages allow no script but their own files. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One text for each rule that the page breaks, with the elements; all rules of axe are applied. */
export async function axe(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    // Style sheets are not fetched again: only a rule that is off by default needs them.
    `axe.run({ preload: false, resultTypes: ['violations'] })`,
  );
  return violations.map(violationText);
}

function violationText({ id, impact, help, nodes }: Result): string {
  const places = nodes.map(
    ({ target, html, failureSummary = '' }) => `  ${target.join(' ')}: ${html.slice(0, 300)}\n    ${failureSummary}`,
  );
  return [`${impact ?? 'no impact'} ${id}: ${help}`, ...places].join('\n');
}

/** Fails with what axe says, and the address and width of the page. */
export async function assertAccessible(page: Page): Promise<void> {
  const violations = await axe(page);
  const where = `${page.url()} at ${page.viewportSize()?.width ?? 0} px`;
  assert.equal(violations.length, 0, `${where}:\n${violations.join('\n')}`);
}

/** Nothing is wider than the screen: there is no horizontal scrolling (WCAG 2.1 1.4.10). */
export async function assertFits(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth] as const;
  });
  assert.ok(content <= screen, `${page.url()} is ${content} px wide on a screen of ${screen} px`);
}

/** The text of the accessibility tree, as a screen reader gets it. */
export function accessibilityTree(page: Page, selector = 'body'): Promise<string> {
  return page.locator(selector).ariaSnapshot();
}
