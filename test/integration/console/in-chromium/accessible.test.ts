/**
 * Criteria of the RGAA that axe does not measure, on every page: source, titles, links, labels, and
 * what is left of a page without its style, at 200 % and with wide text. The grid
 * `ops/accessibility.md` names this test as evidence.
 */
import assert from 'node:assert/strict';
import { PAGES } from '../../../../src/console/pages/all.js';
import { assertFits } from '../../../support/browser/accessibility.js';
import { describeConsole } from '../../../support/browser/describe-console.js';
import {
  ambiguousLinks,
  cutElements,
  farLabels,
  hiddenTexts,
  misplacedElements,
  widenText,
} from '../../../support/browser/layout.js';
import { addressOf, examplesOf, firstRole } from '../../../support/console/examples.js';
import { cardBody } from '../../../support/service/orders.js';

/** How many of the examples of a page are opened. */
const EXAMPLES = Number(process.env.PFCNG_JUDGED_EXAMPLES ?? 1);

/** 1,366 px at 200 %. */
const ZOOMED = { width: 683, height: 384 };
const UPRIGHT = { width: 400, height: 800 };
const LYING = { width: 800, height: 400 };

describeConsole('a page of the console', (console) => {
  for (const page of PAGES)
    it(`${page.id}: has valid source and names of its own, and bears zoom, wide text, and no style`, async () => {
      const content = await console.populated();
      const { credential } = content.accounts[firstRole(page)];
      const opened = await console.keptPage(credential, { language: 'fr', scripts: true });
      for (const example of examplesOf(page, content).slice(0, EXAMPLES)) {
        const address = addressOf(page, example);
        const answer = await opened.goto(address);
        assert.deepEqual(await misplacedElements(opened, (await answer?.text()) ?? ''), [], `${address}: source`);
        const heading = ((await opened.locator('h1').textContent()) ?? '').trim();
        assert.ok(heading !== '' && (await opened.title()).startsWith(heading.slice(0, 20)), `${address}: title`);
        assert.deepEqual(await ambiguousLinks(opened), [], `${address}: links`);
        assert.deepEqual(await farLabels(opened), [], `${address}: labels`);
        const captions = await opened.locator('main caption').allTextContents();
        assert.ok(
          captions.every((caption) => caption.trim().length > 5),
          `${address}: captions`,
        );
        for (const size of [ZOOMED, UPRIGHT, LYING]) {
          await opened.setViewportSize(size);
          await assertFits(opened);
        }
        await widenText(opened);
        await assertFits(opened);
        assert.deepEqual(await cutElements(opened), [], `${address}: cut off by wide text`);
        await opened.setViewportSize({ width: 1_366, height: 768 });
      }
      const plain = await console.keptPage(credential, { language: 'fr', scripts: false });
      await plain.unrouteAll();
      await plain.route('**/*.css', (route) => route.fulfill({ contentType: 'text/css', body: '' }));
      await plain.goto(addressOf(page, examplesOf(page, content)[0] ?? { shows: 'start' }));
      assert.deepEqual(await hiddenTexts(plain), [], `${page.id}: hidden without style`);
    });

  it('has curves whose table has as many rows as they have points, and a sentence that describes them', async () => {
    const content = await console.populated();
    const opened = await console.page(content.accounts.officer.credential, { language: 'fr' });
    for (const path of ['/console/', '/console/expiring?days=365', '/console/lists/aci-fo-pp']) {
      await opened.goto(path);
      const figures = opened.locator('figure');
      assert.ok((await figures.count()) > 0, path);
      for (const figure of await figures.all()) {
        const described = (await figure.locator('svg title, svg desc').allTextContents()).join(' ');
        assert.ok(described.length > 20, `${path}: ${described}`);
        assert.ok((await figure.locator('details table tbody tr').count()) > 0, `${path}: the same figures`);
      }
    }
  });

  it('keeps the names of columns for screen readers when each row is a block', async () => {
    const content = await console.populated();
    const opened = await console.page(content.accounts.officer.credential, { language: 'fr', size: 'narrow' });
    await opened.goto('/console/lists');
    const tree = await opened.locator('main table').first().ariaSnapshot();
    assert.match(tree, /columnheader "Prochaine mise à jour"/);
  });

  it('stops changing by itself when the button is pressed, and leaves the focus where it is', async () => {
    const content = await console.populated();
    const opened = await console.page(content.accounts.officer.credential, { language: 'fr' });
    await opened.goto('/console/');
    let asked = 0;
    opened.on('request', (request) => {
      if (request.resourceType() === 'fetch') asked += 1;
    });
    const refreshed = (): Promise<unknown> => opened.waitForRequest((request) => request.resourceType() === 'fetch');
    const link = opened.locator('[data-live] a').first();
    await link.focus();
    await refreshed();
    await refreshed();
    assert.ok(await link.evaluate((element) => element === document.activeElement));
    const stop = opened.getByRole('button', { name: 'Figer la page' });
    await stop.press('Space');
    assert.equal(await stop.getAttribute('aria-pressed'), 'true');
    const before = asked;
    await opened.waitForTimeout(7_000);
    assert.equal(asked, before);
    await stop.press('Space');
    await refreshed();
  });

  it('no longer fetches itself when the order that it shows has ended, and its buttons follow', async () => {
    const upload = { raw: `${JSON.stringify(cardBody())}\n`, type: 'application/x-ndjson' };
    const { id } = await console.running.cards.expect<{ readonly id: string }>(
      'POST',
      '/v1/orders?paused=true',
      upload,
    );
    const opened = await console.page('officer-1', { language: 'fr' });
    await opened.goto(`/console/orders/${id}`);
    const stop = opened.getByRole('button', { name: 'Figer la page' });
    const resume = opened.getByRole('link', { name: 'Reprendre' });
    await Promise.all([stop.waitFor(), resume.waitFor()]);
    await console.running.cards.expect('POST', `/v1/orders/${id}/cancellation`, { body: {} });
    await Promise.all([stop.waitFor({ state: 'hidden' }), resume.waitFor({ state: 'detached' })]);
    assert.equal(await opened.locator('[data-live]').count(), 0);
    await opened.reload();
    assert.equal(await stop.isVisible(), false);
  });
});
