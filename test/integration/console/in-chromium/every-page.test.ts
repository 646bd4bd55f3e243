/**
 * What holds for every page of the console, in each thing that it shows, in both languages. Without
 * this test a new page could shut out people who use a screen reader, a keyboard or a telephone, or
 * execute what a stranger had stored.
 */
import assert from 'node:assert/strict';
import type { Page as BrowserPage } from 'playwright-core';
import type { Page } from '../../../../src/console/page.js';
import { PAGES } from '../../../../src/console/pages/all.js';
import { assertAccessible, assertFits } from '../../../support/browser/accessibility.js';
import type { PageOptions } from '../../../support/browser/browser.js';
import { describeConsole } from '../../../support/browser/describe-console.js';
import { actionAddress, addressOf, type Example, examplesOf, firstRole } from '../../../support/console/examples.js';

/** Each language, size and color scheme once. */
const LOOKS = [
  { language: 'fr', size: 'wide', scheme: 'light' },
  { language: 'en', size: 'narrow', scheme: 'dark' },
] as const satisfies readonly PageOptions[];
type Look = (typeof LOOKS)[number];

/**
 * In how many looks axe judges what a page shows, which is most of the work. 1: the first example
 * of a page in one of them, in turns; one form of an action, empty and to be confirmed in turns;
 * and the wide look has the first example and the first forms alone.
 */
const JUDGED_LOOKS = Number(process.env.PFCNG_JUDGED_LOOKS ?? 1);
const JUDGES_ALL = JUDGED_LOOKS > 1;

/** What is opened in this look, of all that a page or an action shows. */
function openedIn<Shown>({ size }: Look, shown: readonly Shown[], firstMax: number): readonly Shown[] {
  return JUDGES_ALL || size === 'narrow' ? shown : shown.slice(0, firstMax);
}

/** Whether it is the turn of this one of two: by day each page and each action has one turn. */
const isTurn = (at: number, turn: number): boolean => JUDGES_ALL || at === turn % 2;

/** The state in which they are offered passes within seconds, or they end what other tests need. */
const WITHOUT_EXAMPLE = [
  'order/pause',
  'campaign/release',
  'campaign/end',
  'campaigns/create',
  'expiring/campaign',
  'holder/bar',
];

describeConsole('every page of the console', (console) => {
  async function open(page: Page, look: Look, action?: string): Promise<BrowserPage> {
    const { accounts } = await console.populated();
    return console.keptPage(accounts[firstRole(page, action)].credential, look);
  }

  async function assertGood(page: BrowserPage, address: string, { language }: Look): Promise<void> {
    const answer = await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${language}`);
    const status = answer?.status() ?? 0;
    assert.ok(status === 200 || status === 400 || status === 422, `${address} -> ${status}`);
    assert.equal(await page.locator('html').getAttribute('lang'), language, address);
    assert.equal(await page.evaluate(() => 'hostile' in globalThis), false, `${address} executed a stored text`);
    assert.deepEqual(await bareDirections(page), [], `${address}: these texts can turn what stands beside them`);
    await assertFits(page);
  }

  it('has an example for the tests, and so has every action that a state can be kept for', async () => {
    const content = await console.populated();
    const missing = PAGES.flatMap((page) => {
      const examples = examplesOf(page, content);
      const shown = new Set(examples.flatMap(({ actions = {} }) => Object.keys(actions)));
      const actions = page.actions
        .map(({ id }) => `${page.id}/${id}`)
        .filter((name) => !WITHOUT_EXAMPLE.includes(name));
      return [
        ...(examples.length === 0 ? [page.id] : []),
        ...actions.filter((name) => !shown.has(name.slice(page.id.length + 1))),
      ];
    });
    assert.deepEqual(missing, [], 'add them to test/support/console/examples.ts');
  });

  for (const page of PAGES)
    it(`${page.id}: is readable by everybody, and shows stored texts as text`, async () => {
      const examples = examplesOf(page, await console.populated());
      for (const look of LOOKS) {
        const opened = await open(page, look);
        const isJudged = isTurn(LOOKS.indexOf(look), PAGES.indexOf(page));
        for (const [at, example] of openedIn(look, examples, 1).entries()) {
          await assertGood(opened, addressOf(page, example), look);
          if (isJudged && (JUDGES_ALL || at === 0)) await assertAccessible(opened);
        }
      }
    });

  for (const page of PAGES.filter(({ actions }) => actions.length > 0))
    it(`${page.id}: has forms that are readable by everybody, empty, refused and to be confirmed`, async () => {
      const examples = examplesOf(page, await console.populated());
      for (const look of LOOKS) {
        const isJudged = isTurn(LOOKS.indexOf(look), PAGES.indexOf(page));
        for (const [turn, { id }] of page.actions.entries()) {
          const forms = examples.flatMap((example) => formsOf(page, example, id));
          const opened = await open(page, look, id);
          for (const [at, form] of openedIn(look, forms, 2).entries()) {
            await assertGood(opened, form, look);
            if (isJudged && isTurn(at, forms.length < 2 ? 0 : turn)) await assertAccessible(opened);
          }
        }
      }
    });
});

/** The form of an action: as it opens, and as it is reviewed. */
function formsOf(page: Page, example: Example, action: string): readonly string[] {
  const input = example.actions?.[action];
  if (input === undefined) return [];
  const address = actionAddress(page, example, action);
  // A long text is sent in the body, and is not part of an address.
  if (Object.values(input).some(({ length }) => length > ADDRESS_VALUE_MAX)) return [address];
  return [address, `${address}?${new URLSearchParams({ ...input, step: 'review' })}`];
}

const ADDRESS_VALUE_MAX = 512;

/** Texts that change the direction of writing, outside of an element that ends the change. */
function bareDirections(page: BrowserPage): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { textContent, parentElement } = texts.currentNode;
      if (!/[\u202a-\u202e\u2066-\u2069]/.test(textContent ?? '') || parentElement === null) continue;
      if (
        !/isolate/.test(getComputedStyle(parentElement).unicodeBidi) &&
        parentElement.closest('bdi, textarea') === null
      )
        found.push(textContent ?? '');
    }
    return found;
  });
}
