/**
 * Forms that the console did not make, or made for something else. The certificate of an officer
 * comes with every request of the browser, so without this protection any page on the web could
 * revoke certificates in the officer's name.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { originOf } from '../../support/browser/browser.js';
import { describeConsole } from '../../support/browser/describe-console.js';
import { formThatSendsItself, serveOtherSite } from '../../support/browser/other-site.js';
import { createVisitor, hiddenFields, type VisitedPage, type Visitor } from '../../support/console/visitor.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { bodyOf } from '../../support/service/orders.js';
import { assertTraced } from '../../support/service/traces.js';

type Fields = Readonly<Record<string, string>>;

describeConsole('a form of the console', (console) => {
  let officer: Visitor;
  let other: Visitor;
  let certificate: IssuedCertificate;
  let path: string;
  before(() => {
    const { service } = console.running.shared;
    officer = createVisitor(service, 'officer-1');
    other = createVisitor(service, 'officer-2');
  });
  after(async () => {
    await officer.close();
    await other.close();
  });
  beforeEach(async () => {
    const body = bodyOf('fort/cps-signature');
    certificate = await console.running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    path = `/console/certificates/${certificate.id}/revoke`;
  });

  const statusNow = async (): Promise<string> =>
    (await console.running.officer.expect<IssuedCertificate>('GET', `/v1/certificates/${certificate.id}`)).status;
  /** The fields of the form that confirms, as an officer gets it. */
  const reviewed = async (client: Visitor = officer): Promise<Fields> => {
    const { status, html } = await client.open(`${path}?situation=replaced&step=review`);
    assert.equal(status, 200, html);
    return hiddenFields(html);
  };
  const assertRefused = async (answer: VisitedPage, status: number, code: string): Promise<void> => {
    assert.equal(answer.status, status, answer.html);
    const requestId = String(answer.headers['x-request-id']);
    const refused = { method: 'POST', path, status, code, requestId };
    await assertTraced(console.running.shared.service.at, [refused]);
  };

  it('is accepted once, and leads to the page that shows what was done', async () => {
    const fields = await reviewed();
    const done = await officer.post(path, fields);
    assert.equal(done.status, 303, done.html);
    assert.match(String(done.headers.location), new RegExp(`^/console/certificates/${certificate.id}\\?`));
    assert.equal(await statusNow(), 'revoked');
    await assertRefused(await officer.post(path, fields), 409, 'state-conflict');
  });

  it('is refused with a token that is altered, missing, of another account, or of another object', async () => {
    const fields = await reviewed();
    const token = present(fields.token, 'the token');
    const flipped = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    const { token: _token, ...without } = fields;
    const forged = [
      { ...fields, token: flipped },
      without,
      { ...fields, token: '' },
      { ...fields, token: 'x'.repeat(9_000) },
    ];
    for (const sent of forged) await assertRefused(await officer.post(path, sent), 403, 'not-permitted');
    await assertRefused(await other.post(path, fields), 403, 'not-permitted');
    const body = bodyOf('fort/cps-signature');
    const another = await console.running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    await assertRefused(await officer.post(path.replace(certificate.id, another.id), fields), 403, 'not-permitted');
    assert.equal(await statusNow(), 'issued');
  });

  it('is refused when the object has changed since, and shows what would happen now', async () => {
    const fields = await reviewed();
    const suspension = `/v1/certificates/${certificate.id}/suspension`;
    await console.running.officer.expect('POST', suspension, { body: {} });
    const stale = await officer.post(path, fields);
    await assertRefused(stale, 409, 'state-conflict');
    const again = hiddenFields(stale.html);
    assert.notEqual(again.token, fields.token);
    assert.equal(again.situation, 'replaced', 'what was entered is kept');
    assert.equal(await statusNow(), 'suspended');
    assert.equal((await officer.post(path, again)).status, 303);
    assert.equal(await statusNow(), 'revoked');
  });

  it('is refused when the object has changed since and looks as before again, so that nothing is done twice', async () => {
    path = `/console/certificates/${certificate.id}/suspend`;
    const { status, html } = await officer.open(`${path}?step=review`);
    assert.equal(status, 200, html);
    const fields = hiddenFields(html);
    assert.equal((await officer.post(path, fields)).status, 303);
    await console.running.officer.expect('DELETE', `/v1/certificates/${certificate.id}/suspension`);
    await assertRefused(await officer.post(path, fields), 409, 'state-conflict');
    assert.equal(await statusNow(), 'issued');
  });

  it('is refused when it comes from another origin, or from one that is not told', async () => {
    const fields = await reviewed();
    const origin = originOf(console.running.shared.service);
    const strangers: readonly Fields[] = [
      { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'https://elsewhere.example', 'sec-fetch-site': 'same-origin' },
      { origin, 'sec-fetch-site': 'cross-site' },
      { origin, 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { origin: '', 'sec-fetch-site': 'same-origin' },
    ];
    for (const headers of strangers)
      await assertRefused(await officer.post(path, fields, headers), 403, 'not-permitted');
    assert.equal(await statusNow(), 'issued');
  });

  it('is refused when another site sends it in the browser of the officer, even with a valid token', async () => {
    const { service } = console.running.shared;
    const html = formThatSendsItself(`${originOf(service)}${path}`, await reviewed());
    const site = await serveOtherSite(service, html);
    const page = await console.page('officer-1');
    for (const address of [site.crossSite, site.sameSite]) {
      const answered = page.waitForResponse((response) => response.url().endsWith(path));
      await page.goto(address).catch(() => undefined);
      const answer = await answered;
      assert.equal(answer.status(), 403, address);
      const requestId = present(await answer.headerValue('x-request-id'), 'the id of the request');
      await assertTraced(service.at, [{ method: 'POST', path, status: 403, code: 'not-permitted', requestId }]);
    }
    site.close();
    assert.equal(await statusNow(), 'issued');
    console.takeReports();
  });

  it('has no way around it by the API: what another site sends to it in the browser is refused', async () => {
    const { service } = console.running.shared;
    const address = `${originOf(service)}/v1/certificates/${certificate.id}/revocation`;
    const site = await serveOtherSite(service, '<!doctype html><title>prize</title>');
    const page = await console.page('officer-1');
    for (const origin of [site.crossSite, site.sameSite]) {
      await page.goto(origin);
      const answered = page.waitForResponse((response) => response.url() === address);
      await page.evaluate(async (to) => {
        const body = JSON.stringify({ reason: 'superseded' });
        await fetch(to, { method: 'POST', mode: 'no-cors', credentials: 'include', body }).catch(() => undefined);
      }, address);
      assert.equal((await answered).status(), 403, origin);
    }
    site.close();
    assert.equal(await statusNow(), 'issued');
    console.takeReports();
  });
});
