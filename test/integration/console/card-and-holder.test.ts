/**
 * The pages of a card and of a holder, and what an officer does there. Without it, a lost card
 * could stay in use although the page says otherwise.
 */
import assert from 'node:assert/strict';
import { cardPath } from '../../support/cards/card-routes.js';
import { createVisitor, type Visitor } from '../../support/console/visitor.js';
import { describeService } from '../../support/service/describe-service.js';
import { cardBody, nextNumber, professionalId, tokenId } from '../../support/service/orders.js';

const FRENCH = { 'accept-language': 'fr' };

describeService('the pages of cards and holders', { on: 'sqlite' }, (running) => {
  const visitors = new Map<string, Visitor>();
  const as = (account: string): Visitor => {
    const known = visitors.get(account) ?? createVisitor(running.shared.service, account);
    visitors.set(account, known);
    return known;
  };
  after(() => Promise.all([...visitors.values()].map((visitor) => visitor.close())));

  type CardOfTest = { readonly number: number; readonly card: string; readonly holder: string };
  const issue = async (): Promise<CardOfTest> => {
    const number = nextNumber();
    await running.cards.expect('POST', `${cardPath(number)}/certificates`, { body: cardBody(number) });
    const card = `/console/cards/${encodeURIComponent(tokenId(number))}`;
    return { number, card, holder: `/console/holders/${professionalId(number)}` };
  };
  const stateOf = async (number: number): Promise<string> =>
    (await running.officer.expect<{ readonly state: string }>('GET', cardPath(number))).state;

  it('shows a card with its certificates and its holder, and opposes it with what OCSP says since', async () => {
    const { number, card, holder } = await issue();
    const officer = as('officer-1');
    const page = await officer.open(card, FRENCH);
    assert.equal(page.status, 200, page.html);
    assert.match(page.html, /En service/);
    assert.ok(page.html.includes(`href="${holder}"`));
    const review = await officer.review(`${card}/oppose`, { situation: 'card-lost' });
    assert.match(review.html, /will be revoked|seront révoqués/);
    const done = await officer.act(`${card}/oppose`, { situation: 'card-lost' });
    assert.match(done.html, /OCSP répond « révoqué » pour 2 des 2/);
    assert.match(done.html, /Opposée/);
    assert.equal(await stateOf(number), 'opposed');
    assert.equal((await officer.open(`${card}/oppose`)).status, 409);
  });

  it('replaces a card by another one of its holder, for who may', async () => {
    const { number, card } = await issue();
    const by = tokenId(nextNumber());
    assert.equal((await as('officer-1').open(`${card}/replace`)).status, 403);
    const wrong = await as('card-management').open(`${card}/replace?step=review&by=1&overlap=91`);
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /id="by-fault"[\s\S]*id="overlap-fault"/);
    const { html } = await as('card-management').act(`${card}/replace`, { by, overlap: '3' });
    assert.ok(html.includes(`href="/console/cards/${encodeURIComponent(by)}"`), html);
    assert.equal(await stateOf(number), 'in-use');
  });

  it('revokes all of a holder when their number was typed, and not otherwise', async () => {
    const { holder } = await issue();
    const officer = as('officer-1');
    const sent = { situation: 'left-structure' };
    await assert.rejects(officer.act(`${holder}/revoke`, sent, '3'), /303/);
    const { html } = await officer.act(`${holder}/revoke`, sent, '2');
    assert.match(html, /Les certificats du porteur sont révoqués/);
    assert.doesNotMatch(html, /En vigueur/);
  });

  it('bars a holder, and asks a second officer to lift the bar', async () => {
    const { holder } = await issue();
    const officer = as('officer-1');
    assert.equal((await as('card-management').open(`${holder}/bar`)).status, 409);
    const barred = await officer.act(`${holder}/bar`, {}, '2');
    assert.match(barred.html, /Le porteur est interdit/);
    const asked = await officer.act(`${holder}/unbar`, { reason: 'decision of the order' });
    assert.match(asked.path, /^\/console\/approvals\/[0-9a-f-]{36}\?done=request$/);
  });

  it('hides cards and holders that the account does not see', async () => {
    assert.equal((await as('auditor').open('/console/cards/8025000001%2F0000000000')).status, 404);
    assert.equal((await as('auditor').open('/console/holders/899999999999')).status, 404);
  });
});
