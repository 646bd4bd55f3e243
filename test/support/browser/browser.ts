/** A browser with the certificate of an account, and its pages. */
import type { Page } from 'playwright-core';
import { present } from '../../../src/kernel/assert.js';
import { type ClientCredential, credentialOf, trustOf } from '../service/client.js';
import type { Service } from '../service/service.js';
import { startChromium } from './chromium.js';
import { type Report, watchPages } from './page-watch.js';

/** The name of a development account, or a certificate; null: a browser without a certificate. */
export type BrowserIdentity = string | ClientCredential;

export type PageOptions = {
  readonly size?: ScreenSize;
  readonly scheme?: ColorScheme;
  readonly language?: 'fr' | 'en';
  /** false: the browser executes no script. */
  readonly scripts?: boolean;
};

/** Widths in CSS pixels: a usual screen, and WCAG 2.1 1.4.10 (which is 1,280 px at 400 %). */
export const SCREENS = {
  wide: { width: 1_366, height: 768 },
  narrow: { width: 320, height: 640 },
} as const;
export type ScreenSize = keyof typeof SCREENS;
export const COLOR_SCHEMES = ['light', 'dark'] as const;
export type ColorScheme = (typeof COLOR_SCHEMES)[number];

export type Browser = {
  /** `https://localhost:PORT`: WebAuthn wants a name, and the server's certificate has this one. */
  readonly origin: string;
  /** An empty page, for which paths such as `/console/` are those of the service. */
  readonly page: (options?: PageOptions) => Promise<Page>;
  /**
   * Returns one page for all calls with equal options; `closePages` leaves it open. What a new page
   * opens first takes five times the processor time of the next, because nothing is compiled.
   */
  readonly keptPage: (options?: PageOptions) => Promise<Page>;
  /** Everything that pages did and must not do since the last call. */
  readonly takeReports: () => readonly Report[];
  readonly closePages: () => Promise<void>;
  readonly closeKeptPages: () => Promise<void>;
  readonly isRunning: () => boolean;
  readonly close: () => Promise<void>;
};

const LOCALES = { fr: 'fr-FR', en: 'en-GB' } as const;
/** A page that waits longer for anything has failed. */
const WAIT_MS_MAX = 120_000;

export async function openBrowser(options: {
  readonly service: Pick<Service, 'at'>;
  readonly identity: BrowserIdentity;
}): Promise<Browser> {
  const { at } = options.service;
  const { identity } = options;
  const origin = originOf(options.service);
  const credential = typeof identity === 'string' ? credentialOf(at, identity) : identity;
  const chromium = await startChromium({ origin, trust: trustOf(at), credential });
  const browser = present(chromium.context.browser(), 'the browser of its context');
  const watched: Report[][] = [];
  const kept = new Map<string, Page>();

  async function page({
    size = 'wide',
    scheme = 'light',
    language = 'fr',
    scripts = true,
  }: PageOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      baseURL: origin,
      viewport: SCREENS[size],
      colorScheme: scheme,
      locale: LOCALES[language],
      javaScriptEnabled: scripts,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(WAIT_MS_MAX);
    watched.push(await watchPages(context, origin));
    return goingAgain(await context.newPage());
  }

  return {
    origin,
    page,
    async keptPage(options = {}) {
      const name = JSON.stringify(options);
      const known = kept.get(name) ?? (await page(options));
      kept.set(name, known);
      return known;
    },
    takeReports: () => watched.flatMap((reports) => reports.splice(0)),
    async closePages() {
      const stay = [chromium.context, ...[...kept.values()].map((one) => one.context())];
      for (const context of browser.contexts()) if (!stay.includes(context)) await context.close();
    },
    async closeKeptPages() {
      for (const one of kept.values()) await one.context().close();
      kept.clear();
    },
    isRunning: () => browser.isConnected(),
    close: () => chromium.close(),
  };
}

/**
 * Opens an address again when the browser gave it up because a test beside this one adds or removes
 * an interface of the machine.
 */
function goingAgain(page: Page): Page {
  const goto = page.goto.bind(page);
  page.goto = async (...address) => {
    for (let left = 5; ; left -= 1) {
      try {
        return await goto(...address);
      } catch (error) {
        if (left === 0 || !String(error).includes('ERR_NETWORK_CHANGED')) throw error;
      }
    }
  };
  return page;
}

export function originOf({ at }: Pick<Service, 'at'>): string {
  return `https://localhost:${at.ports.api}`;
}
