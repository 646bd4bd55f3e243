/**
 * A card is found and revoked by somebody who has never seen the console, and clicks on what the
 * pages offer. Without this test a shorter way could become longer without anybody noticing.
 */
import assert from 'node:assert/strict';
import { describeConsole } from '../../../support/browser/describe-console.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { cardBody, nextNumber, tokenId } from '../../../support/service/orders.js';

const TRIES = [
  {
    language: 'en',
    field: 'Find a card',
    clicks: ['Find', 'Open the card, to revoke or replace it', 'Oppose', 'Card lost', 'Review', 'Confirm: Oppose'],
  },
  {
    language: 'fr',
    field: 'Trouver une carte',
    clicks: [
      'Trouver',
      'Ouvrir la carte, pour la révoquer ou la remplacer',
      'Faire opposition',
      'Carte perdue',
      'Vérifier',
      'Confirmer : Faire opposition',
    ],
  },
] as const;

/** The home page, the search, the card, the form, what will happen, and the card again. */
const PAGES_MAX = 6;

describeConsole('a first try of the console', (console) => {
  for (const { language, field, clicks } of TRIES)
    it(`finds a card and revokes it from the home page in six pages, with one number to type (${language})`, async () => {
      const number = nextNumber();
      const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
      const { certificates } = await console.running.cards.expect<{
        readonly certificates: readonly IssuedCertificate[];
      }>('POST', path, { body: cardBody(number) });
      const page = await console.page('officer-1', { language });
      const opened: string[] = [];
      page.on('framenavigated', (frame) => opened.push(frame.url()));

      await page.goto('/console/');
      await page.getByLabel(field).fill(tokenId(number));
      for (const text of clicks) await page.locator('main').getByText(text, { exact: true }).click();
      await page.waitForURL(/done=oppose/);

      assert.ok(opened.length <= PAGES_MAX, opened.join('\n'));
      for (const { id } of certificates) {
        const { status } = await console.running.officer.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`);
        assert.equal(status, 'revoked');
      }
    });
});
