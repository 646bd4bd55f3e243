/**
 * Tests of the console in real browsers, on the service that the test files of a process share.
 * After each test, no page that it opened may have broken its Content-Security-Policy, asked
 * another origin, reported an error or got a fault of the server.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { present } from '../../../src/kernel/assert.js';
import { afterLastTest, afterSharing } from '../after-last-test.js';
import { populate, type ServiceContent } from '../console/populate.js';
import { describeService, type RunningService } from '../service/describe-service.js';
import type { Service } from '../service/service.js';
import type { SharedService, Sharers } from '../service/shared.js';
import { type Browser, type BrowserIdentity, openBrowser, type PageOptions } from './browser.js';
import type { Report } from './page-watch.js';

export type ConsoleTests = {
  /** Can be read once the tests have begun. */
  readonly running: RunningService;
  /** The browser of this identity; the same one each time. */
  readonly browser: (identity: BrowserIdentity) => Promise<Browser>;
  /** An empty page in the browser of this identity, which is closed after the test. */
  readonly page: (identity: BrowserIdentity, options?: PageOptions) => Promise<Page>;
  /**
   * A page that other tests of the file have used, if their identity and options were the same. It
   * is closed after the last one.
   */
  readonly keptPage: (identity: BrowserIdentity, options?: PageOptions) => Promise<Page>;
  /** What `populate` has put into the service; the first caller of a process waits for it. */
  readonly populated: () => Promise<ServiceContent>;
  /** What the pages did that no page may do: for the test that provokes it. */
  readonly takeReports: () => readonly Report[];
};

export function describeConsole(
  title: string,
  tests: (console: ConsoleTests) => void,
  sharers: Exclude<Sharers, 'api'> = 'console',
): void {
  describeService(title, { on: 'sqlite', sharers }, (running) => {
    const used = new Set<Browser>();
    const browserOf = async (identity: BrowserIdentity): Promise<Browser> => {
      const browser = await sharedBrowser(running.shared.service, identity);
      used.add(browser);
      return browser;
    };
    const takeReports = (): readonly Report[] => [...used].flatMap((browser) => browser.takeReports());
    afterEach(async function closePages() {
      for (const browser of used) if (browser.isRunning()) await browser.closePages();
      assert.deepEqual(takeReports(), []);
    });
    after(async function closeKeptPages() {
      for (const browser of used) if (browser.isRunning()) await browser.closeKeptPages();
    });
    tests({
      running,
      browser: browserOf,
      page: async (identity, options) => (await browserOf(identity)).page(options),
      keptPage: async (identity, options) => (await browserOf(identity)).keptPage(options),
      populated: () => populateOnce(running.shared),
      takeReports,
    });
  });
}

const populated = new WeakMap<SharedService, Promise<ServiceContent>>();

function populateOnce(shared: SharedService): Promise<ServiceContent> {
  const known = populated.get(shared) ?? populate(shared);
  populated.set(shared, known);
  return known;
}

/** A browser takes 200 MB: the one that was used least recently gives way. */
const BROWSERS_MAX = 4;
const open = new Map<string, Browser>();

async function sharedBrowser(service: Service, identity: BrowserIdentity): Promise<Browser> {
  const name = `${service.at.home} ${typeof identity === 'string' ? identity : (identity?.certificate ?? '')}`;
  const known = open.get(name);
  open.delete(name);
  const browser = known?.isRunning() === true ? known : await openBrowser({ service, identity });
  open.set(name, browser);
  if (open.size > BROWSERS_MAX) {
    const [oldest, one] = present([...open][0], 'a browser');
    open.delete(oldest);
    await one.close();
  }
  return browser;
}

async function closeAll(): Promise<void> {
  const browsers = [...open.values()];
  open.clear();
  for (const browser of browsers) await browser.close();
}

afterSharing(closeAll);
afterLastTest(closeAll);
