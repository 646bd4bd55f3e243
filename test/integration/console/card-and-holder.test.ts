/**
 * The pages of a card and of a holder, and what an officer does there. Without it, a lost card
 * could stay in use although the page says otherwise.
 */
import assert from 'node:assert/strict';
import { cardPath } from '../../support/cards/card-routes.js';
import { visitorsOf } from '../../support/console/visitor.js';
import { auditOf } from '../../support/service/audit-of.js';
import { describeService } from '../../support/service/describe-service.js';
import { cardBody, nextNumber, professionalId, tokenId } from '../../support/service/orders.js';

const FRENCH = { 'accept-language': 'fr' };

describeService('the pages of cards and holders', { on: 'sqlite' }, (running) => {
  const { as } = visitorsOf(running);

  type CardOfTest = { readonly number: number; readonly card: string; readonly holder: string };
  const issue = async (): Promise<CardOfTest> => {
    const number = nextNumber();
    await running.cards.expect('POST', `${cardPath(number)}/certificates`, { body: cardBody(number) });
    const card = `/console/cards/${encodeURIComponent(tokenId(number))}`;
    return { number, card, holder: `/console/holders/${professionalId(number)}` };
  };
  const stateOf = async (number: number): Promise<string> =>
    (await running.officer.expect<{ readonly state: string }>('GET', cardPath(number))).state;

  /** The page names this many entries of the audit log, which are of this type. */
  const assertNamed = async (html: string, type: string, count: number): Promise<void> => {
    const [, notice = ''] = /<div class="notice good"[^>]*>([\s\S]*?)<\/div>/.exec(html) ?? [];
    const named = [...notice.matchAll(/href="\/console\/audit\/(\d+)/g)].map(([, seq = '']) => seq);
    assert.equal(named.length, count, notice);
    for (const seq of named) {
      const { html: entry } = await as('auditor').open(`/console/audit/${seq}`);
      assert.ok(entry.includes(type), `${seq}: ${entry}`);
    }
    assert.match(notice, /href="\/console\/audit\?(card|holder)=/);
  };

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
    assert.match(done.html, /OCSP répond «\srévoqué\s» pour 2 des 2/);
    await assertNamed(done.html, 'certificate.revoked', 2);
    assert.match(done.html, /Opposée/);
    assert.equal(await stateOf(number), 'opposed');
    assert.equal((await officer.open(`${card}/oppose`)).status, 409);
  });

  it('records whom it refuses, and no holder or card of the address', async () => {
    const entriesOfSupport = async () =>
      (await auditOf(running.shared.as('auditor'))).filter(({ actor }) => actor === 'account:support');
    // Other files may have used the service before.
    const before = (await entriesOfSupport()).length;
    const ids = ['lps.cabinet-durand.example', tokenId(nextNumber())];
    for (const folder of ['holders', 'cards'])
      for (const id of ids)
        assert.equal((await as('support').open(`/console/${folder}/${encodeURIComponent(id)}`)).status, 403);
    const entries = (await entriesOfSupport()).slice(before);
    assert.equal(entries.filter(({ type }) => type === 'access.denied').length, 4);
    for (const id of ids) assert.ok(!JSON.stringify(entries).includes(id), JSON.stringify(entries));
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
    await assertNamed(html, 'certificate.revoked', 2);
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

  it('records who has opened the page of a card, a holder or a certificate, but not who fills in its forms', async () => {
    const { card, holder, number } = await issue();
    const found = await as('auditor').open(card);
    const [, certificate = ''] = /href="(\/console\/certificates\/[0-9a-f-]{36})"/.exec(found.html) ?? [];
    await as('auditor').open(certificate);
    await as('auditor').open(holder);
    await as('officer-2').open(`${card}/oppose`);
    type Entries = { readonly entries: readonly { readonly entry: { readonly actor: string } }[] };
    const readersBy = async (criterion: string): Promise<readonly string[]> => {
      const query = `type=certificate.searched&limit=9&${criterion}`;
      const { entries } = await running.officer.expect<Entries>('GET', `/v1/audit/entries?${query}`);
      return entries.map(({ entry }) => entry.actor);
    };
    assert.deepEqual(await readersBy(`card=${encodeURIComponent(tokenId(number))}`), ['account:auditor']);
    assert.deepEqual(await readersBy(`holder=${professionalId(number)}`), ['account:auditor']);
    const { entries } = await running.officer.expect<{
      readonly entries: readonly { readonly entry: { readonly details: { readonly serials?: readonly string[] } } }[];
    }>('GET', '/v1/audit/entries?type=certificate.searched&actor=account:auditor&limit=2');
    assert.ok(entries.some(({ entry }) => entry.details.serials?.length === 1));
  });

  it('hides cards and holders that the account does not see', async () => {
    assert.equal((await as('auditor').open('/console/cards/8025000001%2F0000000000')).status, 404);
    assert.equal((await as('auditor').open('/console/holders/899999999999')).status, 404);
  });
});
