/**
 * The work of an officer with the keyboard alone, and without scripts. Without this test a control
 * that only a mouse reaches would shut out people who use none.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { describeConsole } from '../../../support/browser/describe-console.js';
import { pressOn, tabTo, typeInto } from '../../../support/browser/keyboard.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { cardBody, nextNumber, tokenId } from '../../../support/service/orders.js';

type CampaignDates = {
  readonly dates: Readonly<Record<'suspension' | 'revocation', { readonly at: string } | null>>;
};

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

  /** Types the number that the page asks for, if it does, and confirms. */
  async function confirm(page: Page): Promise<void> {
    const label = page.locator('label[for=typed]');
    if ((await label.count()) > 0) {
      const [number = ''] = /\d+/.exec((await label.textContent()) ?? '') ?? [];
      await typeInto(page, /textbox "Pour confirmer/, number);
    }
    await pressOn(page, /button "Confirmer/);
  }

  for (const scripts of [true, false])
    it(`finds a card and revokes a certificate of it${scripts ? '' : ', without scripts'}`, async () => {
      const { card, certificates } = await issueCard();
      const page = await console.page('officer-1', { language: 'fr', scripts });
      await page.goto('/console/');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      // The first stop leads past the navigation.
      await page.waitForURL(/#content$/);
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

  it('moves a date of a campaign, which a second officer approves', async () => {
    const { campaigns } = await console.populated();
    const datesOf = async (): Promise<CampaignDates['dates']> =>
      (await console.running.officer.expect<CampaignDates>('GET', `/v1/campaigns/${campaigns.open}`)).dates;
    const before = await datesOf();
    const page = await console.page('officer-1', { language: 'fr' });
    await page.goto('/console/');
    await pressOn(page, /link "Campagnes"/);
    await page.waitForURL('**/console/campaigns');
    await pressOn(page, new RegExp(`link[\\s\\S]*${campaigns.open}`));
    await page.waitForURL(`**/console/campaigns/${campaigns.open}`);
    await pressOn(page, /link "Fixer les dates"/);
    await page.waitForURL('**/dates');
    await tabTo(page, /Jour de la révocation/);
    // The arrow changes the first part of the date, which is the day or the month.
    await page.keyboard.press('ArrowUp');
    await pressOn(page, /button "Vérifier"/);
    await page.waitForURL(/step=review/);
    await confirm(page);
    await page.waitForURL(/\/console\/approvals\/[0-9a-f-]{36}\?done=request/);
    const [approval = ''] = /[0-9a-f-]{36}/.exec(page.url()) ?? [];
    assert.deepEqual(await datesOf(), before, 'one officer moves nothing');

    const second = await console.page('officer-2', { language: 'fr' });
    await second.goto('/console/');
    await pressOn(second, /link "Demandes à deux officiers"/);
    await second.waitForURL('**/console/approvals');
    await pressOn(second, new RegExp(`link[\\s\\S]*${approval}`));
    await second.waitForURL(`**/console/approvals/${approval}`);
    await pressOn(second, /link "Approuver"/);
    await second.waitForURL('**/approve');
    await confirm(second);
    await second.waitForURL(/done=approve/);
    const after = await datesOf();
    assert.notEqual(after.revocation?.at, before.revocation?.at);
    assert.equal(after.suspension?.at.slice(0, 10), before.suspension?.at.slice(0, 10));
  });
});
