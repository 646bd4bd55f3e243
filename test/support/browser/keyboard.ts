/** Goes through a page with the keyboard alone. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** More steps than any page has controls. */
const STEPS_MAX = 300;

/** The element with the focus, as the accessibility tree shows it: `- button "Rechercher"`. */
export async function focusedElement(page: Page): Promise<string> {
  const focused = page.locator(':focus');
  return (await focused.count()) === 0 ? '' : focused.ariaSnapshot();
}

/**
 * Presses Tab until the element with this text in the accessibility tree has the focus, and
 * demands that each element on the way shows that it has it (WCAG 2.1 2.4.7).
 */
export async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    await page.keyboard.press('Tab');
    const element = await focusedElement(page);
    seen.push(element);
    if (element === '') continue;
    assert.ok(await showsFocus(page), `nothing shows that this has the focus: ${element}`);
    if (wanted.test(element)) return;
  }
  assert.fail(`Tab never reaches ${wanted} on ${page.url()}; it reaches:\n${[...new Set(seen)].join('\n')}`);
}

/** Presses a key on the element: Enter follows links and sends forms, Space pushes buttons. */
export async function pressOn(page: Page, wanted: RegExp, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

/** Types into a field in place of what is there. */
export async function typeInto(page: Page, wanted: RegExp, text: string): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

function showsFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  });
}
