/**
 * Collects what no page of the console may do: break its Content-Security-Policy, ask another
 * origin, write an error to the browser's console, or get an answer that is a fault of the server.
 */
import type { BrowserContext, ConsoleMessage, Page, Request, Response } from 'playwright-core';

export type Report = {
  readonly kind: 'csp' | 'other-origin' | 'console' | 'exception' | 'server-fault' | 'no-resource';
  /** The page on which it happened. */
  readonly page: string;
  readonly what: string;
};

/** Begins the words by which the script below reports, and is in those of Chromium. */
const CSP = 'Content Security Policy';

/**
 * How a request may end without a response: a download and a navigation that another one replaces;
 * what the policy forbids, which is reported as such; and what the browser gives up when a test
 * beside this one adds or removes an interface of the machine.
 */
const ENDINGS = ['net::ERR_ABORTED', 'csp', 'net::ERR_NETWORK_CHANGED'];

/** Watches all pages of the context; `reports` grows. */
export async function watchPages(context: BrowserContext, origin: string): Promise<Report[]> {
  const reports: Report[] = [];
  await context.addInitScript((words) => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      console.error(`${words}: ${effectiveDirective} refuses ${blockedURI} ${sample}`);
    });
  }, CSP);
  context.on('page', (page) => watch(page, origin, reports));
  return reports;
}

function watch(page: Page, origin: string, reports: Report[]): void {
  const report = (kind: Report['kind'], what: string): void => {
    reports.push({ kind, page: page.url(), what });
  };
  page.on('console', (message) => hear(message, report));
  page.on('pageerror', (error) => report('exception', String(error)));
  page.on('request', (request) => {
    if (isElsewhere(request.url(), origin)) report('other-origin', request.url());
  });
  page.on('response', (response) => judge(response, report));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (!ENDINGS.includes(why)) report('no-resource', `${request.url()}: ${why}`);
  });
}

type Reporter = (kind: Report['kind'], what: string) => void;

function hear(message: ConsoleMessage, report: Reporter): void {
  const text = message.text();
  // The responses themselves are judged.
  if (message.type() !== 'error' || text.startsWith('Failed to load resource')) return;
  report(text.includes(CSP) ? 'csp' : 'console', text);
}

/** A page may refuse with 4xx, which it shows; what belongs to a page may not be missing. */
function judge(response: Response, report: Reporter): void {
  const what = `${response.status()} ${describeRequest(response.request())}`;
  if (response.status() >= 500) report('server-fault', what);
  else if (response.status() >= 400 && !response.request().isNavigationRequest()) report('no-resource', what);
}

function describeRequest(request: Request): string {
  return `${request.method()} ${request.url()}`;
}

function isElsewhere(url: string, origin: string): boolean {
  const { protocol, origin: asked } = new URL(url);
  return ['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && asked !== origin;
}
