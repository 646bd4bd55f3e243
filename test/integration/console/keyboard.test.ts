/**
 * The work of an officer with the keyboard alone, and without scripts. Without this test a control
 * that only a mouse reaches would shut out people who use none.
 */
import assert from 'node:assert/strict';
import { describeConsole } from '../../support/browser/describe-console.js';
import { pressOn, tabTo, typeInto } from '../../support/browser/keyboard.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { cardBody, nextNumber, tokenId } from '../../support/service/orders.js';

describeConsole('with the keyboard alone, an officer', (console) => {
  const statusOf = async (id: string): Promise<string> =>
    (await console.running.officer.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`)).status;

  /** A card with two certificates. */
  async function issueCard(): Promise<{ readonly card: string; readonly certificates: readonly IssuedCertificate[] }> {
    const number = nextNumber();
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const { certificates } = await console.running.cards.expect<{
      readonly certificates: readonly IssuedCertificate[];
    }>('POST', path, { body: cardBody(number) });
    return { card: tokenId(number), certificates };
  }

  for (const scripts of [true, false])
    it(`finds a card and revokes a certificate of it${scripts ? '' : ', without scripts'}`, async () => {
      const { card, certificates } = await issueCard();
      const page = await console.page('officer-1', { language: 'fr', scripts });
      await page.goto('/console/');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      assert.match(page.url(), /#content$/, 'the first stop leads past the navigation');
      await pressOn(page, /link "Rechercher"/);
      await page.waitForURL('**/console/certificates');
      await typeInto(page, /searchbox "Carte/, card);
      await page.keyboard.press('Enter');
      await page.waitForURL(/card=/);
      const serial = certificates[0]?.serialNumber ?? '';
      await pressOn(page, new RegExp(`link "${serial}"`, 'i'));
      await page.waitForURL(`**/console/certificates/${certificates[0]?.id}`);
      await pressOn(page, /link "Révoquer"/);
      await page.waitForURL('**/revoke');
      await tabTo(page, /radio "Carte perdue"/);
      await page.keyboard.press('Space');
      await pressOn(page, /button "Vérifier"/);
      await page.waitForURL(/step=review/);
      await pressOn(page, /button "Confirmer/);
      await page.waitForURL(/done=revoke/);
      assert.equal(await statusOf(certificates[0]?.id ?? ''), 'revoked');
      assert.equal(await statusOf(certificates[1]?.id ?? ''), 'issued');
    });
});
