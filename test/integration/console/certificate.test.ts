/** The page of a certificate over HTTPS: who opens it, what its forms do, what they refuse. */
import assert from 'node:assert/strict';
import { createVisitor, tokenIn, visitorsOf } from '../../support/console/visitor.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';

const FRENCH = { 'accept-language': 'fr' };
const STOLEN = { situation: 'card-stolen', since: '2026-01-31' };

describeService('the page of a certificate', { on: 'sqlite' }, (running) => {
  const { as } = visitorsOf(running);

  const issue = async (): Promise<{ readonly id: string; readonly serial: string; readonly path: string }> => {
    const body = bodyOf('elementaire/org-auth-cli');
    const { id, serialNumber } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    return { id, serial: serialNumber, path: `/console/certificates/${id}` };
  };
  const stateOf = async (id: string): Promise<IssuedCertificate> =>
    running.officer.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`);

  it('is found by its serial number, and revoked with the reason that follows from the situation', async () => {
    const { id, serial, path } = await issue();
    const officer = as('officer-1');
    const found = await officer.open(`/console/certificates?serial=${serial}`, FRENCH);
    assert.equal(found.status, 200);
    assert.ok(found.html.includes(`href="${path}"`));
    const page = await officer.open(path, FRENCH);
    assert.match(page.html, /<html lang="fr">/);
    assert.match(page.html, /En vigueur/);
    const review = await officer.review(`${path}/revoke`, STOLEN);
    assert.match(review.html, /Clé compromise/);
    assert.match(review.html, /définitive/);
    const { html } = await officer.act(`${path}/revoke`, STOLEN);
    assert.match(html, /Révoqué/);
    assert.doesNotMatch(html, /\/revoke"/);
    const { status, revocation } = await stateOf(id);
    assert.equal(status, 'revoked');
    assert.deepEqual(
      { reason: revocation?.reason, since: revocation?.invalidityDate },
      { reason: 'keyCompromise', since: '2026-01-31T00:00:00Z' },
    );
  });

  it('shows an auditor no action, and refuses the form that he posts', async () => {
    const { id, path } = await issue();
    const auditor = as('auditor');
    const page = await auditor.open(path);
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.html, /\/revoke"/);
    assert.equal((await auditor.open(`${path}/revoke`)).status, 403);
    assert.equal((await auditor.post(`${path}/revoke`, { ...STOLEN, token: 'x' })).status, 403);
    assert.equal((await stateOf(id)).status, 'issued');
  });

  it('refuses forms that it did not make, and forms that another site has sent', async () => {
    const { id, path } = await issue();
    const { path: other } = await issue();
    const officer = as('officer-1');
    const token = tokenIn((await officer.review(`${path}/revoke`, STOLEN)).html);
    const elsewhere = tokenIn((await officer.review(`${other}/revoke`, STOLEN)).html);
    const colleague = tokenIn((await as('officer-2').review(`${path}/revoke`, STOLEN)).html);
    const forged: readonly (readonly [string, Promise<{ readonly status: number }>])[] = [
      ['no token', officer.post(`${path}/revoke`, STOLEN)],
      ['an altered token', officer.post(`${path}/revoke`, { ...STOLEN, token: `${token.slice(0, -1)}z` })],
      ['the token of another certificate', officer.post(`${path}/revoke`, { ...STOLEN, token: elsewhere })],
      ['the token of another officer', officer.post(`${path}/revoke`, { ...STOLEN, token: colleague })],
      ['another origin', officer.post(`${path}/revoke`, { ...STOLEN, token }, { origin: 'https://evil.example' })],
      ['another site', officer.post(`${path}/revoke`, { ...STOLEN, token }, { 'sec-fetch-site': 'same-site' })],
      ['no origin', officer.post(`${path}/revoke`, { ...STOLEN, token }, { origin: '' })],
    ];
    for (const [what, sent] of forged) assert.equal((await sent).status, 403, what);
    assert.equal((await stateOf(id)).status, 'issued');
  });

  it('shows again what will happen when the certificate has changed meanwhile', async () => {
    const { id, path } = await issue();
    const officer = as('officer-1');
    const token = tokenIn((await officer.review(`${path}/revoke`, STOLEN)).html);
    await running.officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
    const late = await officer.post(`${path}/revoke`, { ...STOLEN, token });
    assert.equal(late.status, 409);
    assert.equal((await stateOf(id)).revocation?.reason, 'superseded');
  });

  it('says which field of a form is wrong, and keeps what was entered', async () => {
    const { path } = await issue();
    const wrong = await as('officer-1').open(`${path}/revoke?step=review&since=2026-02-30&situation=because`, FRENCH);
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /id="since-fault"/);
    assert.match(wrong.html, /id="situation-fault"/);
    assert.match(wrong.html, /value="2026-02-30"/);
  });

  it('is offered as PEM, as DER, and with its chain', async () => {
    const { path } = await issue();
    const auditor = as('auditor');
    assert.match((await auditor.open(`${path}/certificate.pem`)).html, /^-----BEGIN CERTIFICATE-----\n/);
    const chain = await auditor.open(`${path}/chain.pem`);
    assert.equal(chain.html.match(/-----BEGIN CERTIFICATE-----/g)?.length, 3);
    assert.match(String(chain.headers['content-disposition']), /^attachment; filename="[0-9A-Fa-f]+-chain\.pem"$/);
  });

  it('tells a browser without a certificate, or with one of no account, why nothing opens', async () => {
    const nobody = createVisitor(running.shared.service, null);
    const answer = await nobody.open('/console/', FRENCH);
    await nobody.close();
    assert.equal(answer.status, 401);
    assert.match(answer.html, /aucun certificat/);
    const stranger = await as('no-rights').open('/console/', FRENCH);
    assert.equal(stranger.status, 403);
  });

  it('sends header fields that keep other pages and scripts away', async () => {
    const { headers } = await as('officer-1').open('/console/');
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['referrer-policy'], 'same-origin');
  });

  it('answers an unknown page with a page, and the API refuses requests of other sites', async () => {
    const officer = as('officer-1');
    assert.equal((await officer.open('/console/nothing')).status, 404);
    const answer = await officer.open('/v1/cas', { 'sec-fetch-site': 'cross-site' });
    assert.equal(answer.status, 403);
    assert.match(answer.html, /page of another site/);
  });
});
