/** How a page is laid out, and what stays of it when people change how it is shown. */
import type { Page } from 'playwright-core';

/** Texts of the page that are not shown. What a person opens first is left out. */
export function hiddenTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { textContent, parentElement } = texts.currentNode;
      if (parentElement === null || (textContent ?? '').trim() === '') continue;
      if (parentElement.closest('script, svg, details, [hidden], option, textarea') !== null) continue;
      if (parentElement.getClientRects().length === 0 || !parentElement.checkVisibility())
        found.push(textContent ?? '');
    }
    return found;
  });
}

/** Sets the spacing of WCAG 2.1 1.4.12 on the page. */
export async function widenText(page: Page): Promise<void> {
  await page.evaluate(() => {
    const spacing = new CSSStyleSheet();
    spacing.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }' +
        'p { margin-bottom: 2em !important }',
    );
    document.adoptedStyleSheets = [spacing];
  });
}

/** Elements whose text is cut off by their own height or width. */
export function cutElements(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll('body *')) {
      const { overflowX, overflowY, clipPath } = getComputedStyle(element);
      if (clipPath !== 'none' || element.closest('thead, svg') !== null || element.matches('input, select, textarea'))
        continue;
      const isCut =
        (overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1) ||
        (overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1);
      if (isCut) found.push(element.outerHTML.slice(0, 120));
    }
    return found;
  });
}

/** Labels that do not stand directly above or beside their field. */
export function farLabels(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const NEAR_PX = 72;
    const found: string[] = [];
    for (const label of document.querySelectorAll('label')) {
      const field = document.getElementById(label.htmlFor);
      if (field === null || field.getClientRects().length === 0) continue;
      const [one, other] = [label.getBoundingClientRect(), field.getBoundingClientRect()];
      const below = other.top - one.bottom;
      const beside = one.left - other.right;
      const isAbove = below > -4 && below < NEAR_PX && Math.abs(other.left - one.left) < NEAR_PX;
      const isBeside = beside > -4 && beside < NEAR_PX && Math.abs(other.top - one.top) < NEAR_PX;
      if (!isAbove && !isBeside) found.push(label.textContent ?? '');
    }
    return found;
  });
}

/**
 * Links with the same text in the same sentence, row or item that lead to different pages: nothing
 * tells them apart (RGAA 4.1, "contexte du lien").
 */
export function ambiguousLinks(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const targets = new Map<string, string>();
    const found: string[] = [];
    for (const link of document.querySelectorAll<HTMLAnchorElement>('main a[href]')) {
      const text = (link.textContent ?? '').trim();
      const context = (link.closest('tr, li, p, dd, .notice')?.textContent ?? '').trim();
      const name = `${text} in ${context}`;
      const known = targets.get(name);
      if (text === '' || (known !== undefined && known !== link.href)) found.push(`${name}: ${link.href}`);
      targets.set(name, link.href);
    }
    return found;
  });
}

/**
 * Elements of the source that the browser has not made as they are written: one that may not stand
 * where it does is moved, closed early or doubled. Names with both counts.
 */
export async function misplacedElements(page: Page, source: string): Promise<readonly string[]> {
  const written = new Map<string, number>();
  const markup = source.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '<$1>').replace(/<!doctype html>/i, '');
  for (const [, name = ''] of markup.matchAll(/<([a-zA-Z][\w-]*)/g)) written.set(name, (written.get(name) ?? 0) + 1);
  const made = await page.evaluate(() => {
    const counts: Record<string, number> = {};
    for (const { localName } of document.querySelectorAll('*')) counts[localName] = (counts[localName] ?? 0) + 1;
    return counts;
  });
  return [...new Set([...written.keys(), ...Object.keys(made)])]
    .filter((name) => (written.get(name) ?? 0) !== (made[name] ?? 0))
    .map((name) => `${name}: ${written.get(name) ?? 0} written, ${made[name] ?? 0} made`);
}
