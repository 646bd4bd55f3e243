/**
 * What the page of a certificate shows and does besides its revocation. Without it, an officer
 * could be told that relying parties know of a revocation when they do not.
 */
import assert from 'node:assert/strict';
import { tokenIn, visitorsOf } from '../../support/console/visitor.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';

const FRENCH = { 'accept-language': 'fr' };

describeService('what the page of a certificate shows', { on: 'each' }, (running) => {
  const { as } = visitorsOf(running);

  const issue = async (validity: object = {}): Promise<IssuedCertificate & { readonly path: string }> => {
    const certificate = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: { ...bodyOf('elementaire/org-auth-cli'), ...validity },
    });
    return { ...certificate, path: `/console/certificates/${certificate.id}` };
  };

  it('explains each extension, and shows the chain up to the root', async () => {
    const { path } = await issue();
    const { html } = await as('auditor').open(path, { 'accept-language': 'en' });
    for (const says of [
      'Client authentication (TLS)',
      'Digital signature, such as authentication',
      'It is no CA: it issues nothing.',
      'CRL distribution points',
      'Authority information access',
    ])
      assert.ok(html.includes(says), says);
    assert.doesNotMatch(html, /Content that cannot be read/);
    const chain = html.slice(html.indexOf('id="chain"'));
    assert.match(chain, /\/console\/lists\/aci-el-org[\s\S]*\/console\/lists\/acr-el/);
  });

  it('shows it as OpenSSL prints it, to who asks for it', async () => {
    const { path, serialNumber } = await issue();
    const auditor = as('auditor');
    assert.doesNotMatch((await auditor.open(path)).html, /X509v3/);
    const { html } = await auditor.open(`${path}?text=yes`);
    const [, text = ''] = /<pre><bdi>([\s\S]*?)<\/bdi><\/pre>/.exec(html) ?? [];
    assert.match(text, /^Certificate:\n {4}Data:\n {8}Version: 3/);
    assert.ok(text.replaceAll(':', '').includes(serialNumber));
    assert.match(text, /X509v3 Subject Key Identifier/);
  });

  it('shows what OCSP answers at its published address, before and after a revocation', async () => {
    const { path } = await issue();
    const officer = as('officer-1');
    const before = await officer.open(path, FRENCH);
    assert.match(before.html, /<span class="badge good">Bon<\/span>/);
    const { html } = await officer.act(`${path}/revoke`, { situation: 'key-known' });
    assert.match(html, /Le certificat est révoqué\.[\s\S]*OCSP répond «\sRévoqué\s» à un vérificateur/);
    assert.match(html, /Entrée du journal d&#39;audit n°\s\d|Entrée du journal d'audit n°\s\d/);
    // The link of a page that was left says nothing about a certificate in another state.
    const { path: other } = await issue();
    assert.doesNotMatch((await officer.open(`${other}?done=revoke`, FRENCH)).html, /Le certificat est révoqué\./);
  });

  it('shows its life with the numbers of its audit entries, which link to the log for who may read it', async () => {
    const { path, id } = await issue();
    await running.officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: 'superseded' } });
    const seen = (await as('officer-1').open(path, FRENCH)).html;
    assert.match(seen, /Révoqué\s: Remplacé[\s\S]*<code[^>]*>officer-1<\/code>/);
    assert.match(seen, /id="entries"[\s\S]*href="\/console\/audit\/\d+"/);
    const other = (await as('card-management').open(path, FRENCH)).html;
    assert.doesNotMatch(other, /id="entries"|\/console\/audit\//);
  });

  it('renews a certificate by the form of a request, once', async () => {
    // Within the window of its profile.
    const notAfter = new Date(Date.now() + 30 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const { path } = await issue({ validity: { notAfter } });
    const cards = as('card-management');
    const fields = { csr: makeCsr(makeKey()).trim() };
    const form = await cards.open(`${path}/renew`);
    assert.match(form.html, /<form class="action" method="post"/);
    const review = await cards.post(`${path}/renew`, { ...fields, step: 'review' });
    assert.equal(review.status, 200, review.html);
    assert.match(review.html, /elementaire\/org-auth-cli/);
    const confirmed = { ...fields, token: tokenIn(review.html) };
    const renewed = await cards.post(`${path}/renew`, confirmed);
    assert.equal(renewed.status, 303, renewed.html);
    const next = String(renewed.headers.location);
    assert.ok((await cards.open(next)).html.includes(`href="${path}"`));
    assert.equal((await cards.post(`${path}/renew`, confirmed)).status, 422);
    assert.ok((await cards.open(path)).html.includes(`href="${next.replace(/\?.*/, '')}"`));
  });

  it('says which text is no request', async () => {
    const { path } = await issue();
    const wrong = await as('card-management').post(`${path}/renew`, { csr: 'hello', step: 'review' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /id="csr-fault"/);
  });
});
