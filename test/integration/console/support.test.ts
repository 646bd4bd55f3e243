/**
 * The pages of support and of what ends soon, as their roles see them. Without it, a name could be
 * shown to who may not see it, or a search for a caller leave no trace of its ticket.
 */
import assert from 'node:assert/strict';
import { cardPath } from '../../support/cards/card-routes.js';
import { visitorsOf } from '../../support/console/visitor.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { describeService } from '../../support/service/describe-service.js';
import { cardBody, nextNumber, tokenId } from '../../support/service/orders.js';

const FRENCH = { 'accept-language': 'fr' };
const DAY_MS = 86_400_000;

describeService('the pages of support and of what ends soon', { on: 'sqlite' }, (running) => {
  const { as } = visitorsOf(running);

  type CardOfTest = { readonly number: number; readonly certificates: readonly IssuedCertificate[] };
  const issue = async (days = 30): Promise<CardOfTest> => {
    const number = nextNumber();
    const body = cardBody(number) as { readonly requests: readonly object[] };
    const notAfter = new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
    const requests = body.requests.map((request) => ({ ...request, validity: { notAfter } }));
    const { certificates } = await running.cards.expect<Omit<CardOfTest, 'number'>>(
      'POST',
      `${cardPath(number)}/certificates`,
      { body: { ...body, requests } },
    );
    return { number, certificates };
  };

  it('finds nothing without a ticket, and records it with the search', async () => {
    const { number, certificates } = await issue();
    const support = as('support');
    const card = encodeURIComponent(tokenId(number));
    const refused = await support.open(`/console/support?card=${card}`, FRENCH);
    assert.match(refused.html, /id="ticket-fault"/);
    const found = await support.open(`/console/support?ticket=INC-4711&card=${card}`, FRENCH);
    for (const { id } of certificates) assert.ok(found.html.includes(`href="/console/support/${id}"`));
    const { entries } = await running.officer.expect<{
      readonly entries: readonly { readonly entry: { readonly details: { readonly ticket?: string } } }[];
    }>('GET', '/v1/audit/entries?type=certificate.searched&actor=account:support&limit=1');
    assert.equal(entries[0]?.entry.details.ticket, 'INC-4711');
    assert.match((await support.open('/console/support?ticket=INC-4711', FRENCH)).html, /id="card-fault"/);
  });

  it('says what was told at a time, and why, without names', async () => {
    const { number, certificates } = await issue();
    const [certificate] = certificates;
    assert.ok(certificate);
    await running.officer.expect('POST', `${cardPath(number)}/revocation`, { body: { reason: 'keyCompromise' } });
    const path = `/console/support/${certificate.id}`;
    const { html } = await as('support').open(path, FRENCH);
    assert.match(html, /Clé compromise/);
    assert.match(html, /Il faut une nouvelle carte ou un nouveau certificat/);
    assert.match(html, /Opposée/);
    const surname = (certificate.holder as { readonly surname?: string }).surname ?? '';
    assert.ok(surname !== '' && !html.includes(surname), 'a name');
    const before = await as('support').open(`${path}?at=2020-01-01%2010:00`, FRENCH);
    assert.match(before.html, /Il n&#39;existait pas encore|Il n'existait pas encore/);
    for (const wrong of ['2999-01-01 10:00', '2026-02-30', 'x'])
      assert.match((await as('support').open(`${path}?at=${encodeURIComponent(wrong)}`)).html, /id="at-fault"/);
  });

  it('does not open pages with names for support', async () => {
    const { number, certificates } = await issue();
    const paths = [
      `/console/certificates/${certificates[0]?.id}`,
      `/console/cards/${encodeURIComponent(tokenId(number))}`,
      '/console/certificates',
      '/console/expiring',
    ];
    for (const path of paths) assert.equal((await as('support').open(path)).status, 403, path);
  });

  it('counts what ends soon by week, profile and structure, and prepares a campaign', async () => {
    await issue(20);
    const officer = as('officer-1');
    const page = await officer.open('/console/expiring?days=40&profile=fort%2Fcps-signature', FRENCH);
    assert.equal(page.status, 200, page.html);
    assert.match(page.html, /id="weeks"[\s\S]*id="profiles"[\s\S]*fort\/cps-signature[\s\S]*id="structures"/);
    assert.match((await officer.open('/console/expiring?days=0')).html, /id="days-fault"/);
    const operator = await as('operator').open('/console/expiring', FRENCH);
    assert.equal(operator.status, 200);
    assert.doesNotMatch(operator.html, /id="structures"|\/console\/certificates\?|\/console\/expiring\/campaign/);
    const sent = { name: `Fins ${Date.now()}`, capacity: '100' };
    const { path } = await officer.act('/console/expiring/campaign', sent);
    const id = path.split('/').at(-1);
    const campaign = await running.officer.expect<{ readonly state: string }>('GET', `/v1/campaigns/${id}`);
    assert.equal(campaign.state, 'draft');
  });
});
