/** The controls of a page, without the data that it shows: links by the page to which they lead. */
import type { Page as BrowserPage } from 'playwright-core';
import { PAGES } from '../../../src/console/pages/all.js';

/** The source of a page, and its whole address. */
export type ServedPage = { readonly html: string; readonly address: string };

/**
 * `button Search`, `field card`, `link to certificate`, `form certificate/revoke`. `parser` is an
 * empty page, which reads the source without opening it: no script of the console adds a control.
 */
export async function controlsOf(parser: BrowserPage, served: ServedPage): Promise<readonly string[]> {
  const seen = await parser.evaluate(({ html, address }) => {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const base = page.createElement('base');
    base.href = address;
    page.head.prepend(base);
    const textOf = (element: Element): string =>
      (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\s+/g, ' ').trim();
    const main = page.querySelector('main') ?? page.body;
    const all = (selector: string): Element[] => [...main.querySelectorAll(selector)];
    return {
      buttons: all('button, input[type=submit], summary').map(textOf),
      fields: all('input:not([type=hidden]), select, textarea').map((field) => field.getAttribute('name') ?? ''),
      links: all('a[href]').map((link) => new URL((link as HTMLAnchorElement).href).pathname),
    };
  }, served);
  const controls = [
    ...seen.buttons.map((text) => `button ${text}`),
    ...seen.fields.map((name) => `field ${name}`),
    ...seen.links.map(linkTo),
  ];
  return [...new Set(controls)].sort();
}

/** A link to something that is no page of the console has its whole path. */
function linkTo(path: string): string {
  for (const page of PAGES) {
    const rest = restAfter(page.path, path);
    if (rest === '') return `link to ${page.id}`;
    if (rest === null) continue;
    if (page.actions.some(({ id }) => id === rest)) return `form ${page.id}/${rest}`;
    if (page.downloads.some(({ name }) => name === rest)) return `file ${page.id}/${rest}`;
  }
  return `link ${path}`;
}

/** What follows the path of a page; null: the path is not below it. */
function restAfter(pattern: string, path: string): string | null {
  const source = pattern.replace(/\/$/, '').replace(/\{\w+\}/g, '[^/]+');
  const [, rest] = new RegExp(`^${source}(?:/([^/]*))?$`).exec(path) ?? [undefined, null];
  return rest ?? (rest === undefined ? '' : null);
}
