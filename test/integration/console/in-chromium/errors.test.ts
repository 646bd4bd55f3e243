/**
 * What the console says when it refuses: a page that does not exist, a form that is old, incomplete
 * or altered, an account without the right. Without this test people who use a screen reader or a
 * telephone could be lost exactly where something has gone wrong.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { assertAccessible, assertFits } from '../../../support/browser/accessibility.js';
import type { PageOptions } from '../../../support/browser/browser.js';
import { describeConsole } from '../../../support/browser/describe-console.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { bodyOf } from '../../../support/service/orders.js';

const LOOKS = [
  { language: 'fr', size: 'wide', scheme: 'dark' },
  { language: 'en', size: 'narrow', scheme: 'light' },
] as const satisfies readonly PageOptions[];

const FRENCH = {
  notFound: /n'existe pas|n’existe pas|aucun certificat/i,
  marked: /Corrigez les champs signalés/,
  stale: /Rien n'a été fait/,
  forbidden: /Retour à la page d'accueil/,
} as const;

const ENGLISH = {
  notFound: /does not exist|no certificate|not listed|no such/i,
  marked: /Correct the fields that are marked/,
  stale: /Nothing was done/,
  forbidden: /Back to the home page/,
} as const;

describeConsole('a refusal of the console', (console) => {
  const issue = (): Promise<IssuedCertificate> =>
    console.running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('fort/cps-signature'),
    });

  /** The page says what has happened, leads back, and can be read by everybody. */
  async function assertSays(page: Page, says: RegExp): Promise<void> {
    assert.match((await page.locator('main').textContent()) ?? '', says);
    assert.ok((await page.locator('main a').count()) > 0, 'a link that leads on');
    await assertFits(page);
    await assertAccessible(page);
  }

  /** The status that the form answers when its button is pressed. */
  async function send(page: Page): Promise<number> {
    const answered = page.waitForResponse((response) => response.request().isNavigationRequest());
    await page.locator('form.action button[type=submit]').click();
    const { status } = await answered.then((answer) => ({ status: answer.status() }));
    await page.waitForLoadState();
    return status;
  }

  for (const look of LOOKS) {
    const says = look.language === 'fr' ? FRENCH : ENGLISH;
    describe(`in ${look.language}, ${look.size}`, () => {
      it('names what does not exist', async () => {
        const page = await console.keptPage('officer-1', look);
        for (const path of ['/console/certificates/00000000-0000-7000-8000-000000000000', '/console/none']) {
          assert.equal((await page.goto(path))?.status(), 404, path);
          await assertSays(page, says.notFound);
        }
      });

      it('marks the fields of a form that were not filled in', async () => {
        const { id } = await issue();
        const page = await console.keptPage('officer-1', look);
        await page.goto(`/console/certificates/${id}/revoke`);
        assert.equal(await send(page), 422);
        await assertSays(page, says.marked);
        assert.ok((await page.locator('fieldset.faulty .fault').count()) === 1);
        assert.equal(await page.locator('[role=alert]').count(), 1);
      });

      it('shows again what would happen when the object has changed meanwhile', async () => {
        const { id } = await issue();
        const page = await console.keptPage('officer-1', look);
        await page.goto(`/console/certificates/${id}/revoke?situation=replaced&step=review`);
        await console.running.officer.expect('POST', `/v1/certificates/${id}/suspension`, { body: {} });
        assert.equal(await send(page), 409);
        await assertSays(page, says.stale);
        assert.equal(await send(page), 303);
        await page.waitForURL(/done=revoke/);
      });

      it('refuses a form whose token was altered, and a page that the role does not open', async () => {
        const { id } = await issue();
        const page = await console.keptPage('officer-1', look);
        await page.goto(`/console/certificates/${id}/revoke?situation=replaced&step=review`);
        await page.locator('input[name=token]').evaluate((token) => token.setAttribute('value', '0'));
        assert.equal(await send(page), 403);
        await assertSays(page, says.forbidden);
        const support = await console.keptPage('support', look);
        assert.equal((await support.goto(`/console/certificates/${id}`))?.status(), 403);
        await assertSays(support, says.forbidden);
      });
    });
  }
});
