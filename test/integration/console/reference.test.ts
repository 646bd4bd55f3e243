/**
 * The reference of the API in a browser: it is readable on a narrow screen and in the dark, opens
 * for everybody, and its links lead somewhere.
 */
import assert from 'node:assert/strict';
import { ROUTES } from '../../../src/http/api/routes.js';
import { groupBy } from '../../../src/kernel/group-by.js';
import { assertAccessible, assertFits } from '../../support/browser/accessibility.js';
import type { PageOptions } from '../../support/browser/browser.js';
import { describeConsole } from '../../support/browser/describe-console.js';

/** Each size, color scheme and language once: what is wide does not depend on the colors. */
const LOOKS = [
  { language: 'fr', size: 'wide', scheme: 'light' },
  { language: 'en', size: 'narrow', scheme: 'dark' },
] as const satisfies readonly PageOptions[];

const PAGES = [
  '/docs',
  '/docs/certificates',
  '/docs/cards',
  '/docs/protocols',
  '/docs/schemas',
  '/docs/problems',
] as const;

describeConsole('the reference of the API', (console) => {
  for (const look of LOOKS)
    it(`is accessible and fits on a ${look.size} screen, ${look.scheme}`, async () => {
      const page = await console.page(null, look);
      for (const path of PAGES) {
        await page.goto(path);
        await assertFits(page);
        if (path === '/docs' || path === '/docs/cards') await assertAccessible(page);
      }
    });

  it('has every route at its place, with its answer and its problems, in both languages', async () => {
    const page = await console.page(null, { language: 'en' });
    await page.goto('/docs');
    assert.equal(await page.locator('main table a').count(), ROUTES.length);
    await page.getByRole('link', { name: 'POST /v1/certificates', exact: true }).click();
    await page.waitForURL('**/docs/certificates#issueCertificate');
    const route = page.locator('section.route', { has: page.locator('#issueCertificate') });
    const text = (await route.textContent()) ?? '';
    for (const said of ['Issue one certificate.', 'card-management', 'Idempotency-Key', 'csr', 'policy-violated'])
      assert.ok(text.includes(said), said);
    assert.equal(await route.locator('details').count(), 4);
    await route.getByRole('link', { name: 'policy-violated' }).click();
    await page.waitForURL('**/docs/problems#policy-violated');
    assert.match((await page.textContent('main')) ?? '', /id-nat-structure[\s\S]*belongs to the structure/);
    await page.getByRole('link', { name: 'Français' }).click();
    assert.match((await page.textContent('main')) ?? '', /id-nat-structure[\s\S]*appartient à la structure/);
  });

  it('has no link that leads nowhere', async () => {
    const page = await console.page(null, { language: 'en' });
    const missing: string[] = [];
    for (const path of ['/docs', '/docs/certificates', '/docs/protocols', '/docs/problems']) {
      await page.goto(path);
      const links = await page
        .locator('main a')
        .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
      const byPage = groupBy([...new Set(links)], (href) => href.replace(/#.*/, ''));
      for (const [address, hrefs] of byPage) {
        if (address.endsWith('.json')) continue;
        await page.goto(address);
        const ids = new Set(await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id)));
        missing.push(...hrefs.filter((href) => href.includes('#') && !ids.has(href.replace(/.*#/, ''))));
      }
    }
    assert.deepEqual(missing, []);
  });
});
