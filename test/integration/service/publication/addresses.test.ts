/** Wrong paths, methods, queries and ids. */
import assert from 'node:assert/strict';
import { assertProblem, createClient, type IssuedCertificate, trustOf } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { bodyOf } from '../../../support/service/orders.js';

const STRANGE_PATHS = ['/', '/v1', '/v1/', '/v2/certificates', '/v1/certificates/', '/v1/cas/aci-fo-pp/key'];
const BAD_QUERIES = [
  'limit=0',
  'limit=-1',
  'limit=1000',
  'limit=ten',
  'status=good',
  'expiresBefore=tomorrow',
  'serialNumber=XYZ',
  'surname=DOCTEUR',
  'limit=1&limit=2',
];

describeService('an address of the API', { on: 'each' }, (running) => {
  for (const path of STRANGE_PATHS) {
    it(`that does not exist gets 404: GET ${path}`, async () => {
      assertProblem(await running.cards.call('GET', path), { status: 404, code: 'not-found' });
    });
  }

  it('with another method gets 405 and the allowed methods', async () => {
    const answer = await running.cards.call('PUT', '/v1/certificates', { body: {} });
    assertProblem(answer, { status: 405, code: 'method-not-allowed' });
    const allowed = String(answer.headers.allow).split(', ');
    assert.ok(allowed.includes('GET') && allowed.includes('POST') && !allowed.includes('PUT'));
  });

  for (const query of BAD_QUERIES) {
    it(`with the query ${query} gets 400`, async () => {
      const answer = await running.cards.call('GET', `/v1/certificates?${query}`);
      assertProblem(answer, { status: 400, code: 'invalid-request' });
    });
  }

  for (const cursor of ['x', 'AAAA', '00000000-0000-0000-0000-000000000000', '%00', 'eyJpZCI6MX0=']) {
    it(`with the invalid cursor ${cursor} gets 400`, async () => {
      const answer = await running.cards.call('GET', `/v1/certificates?cursor=${cursor}`);
      assertProblem(answer, { status: 400, code: 'invalid-request' });
    });
  }

  for (const id of ['nothing', '0190b3f0-0000-7000-8000-000000000000', '%2e%2e%2f', "'%20or%201=1"]) {
    it(`of an unknown certificate gets 404, to read and to revoke: ${id}`, async () => {
      const path = `/v1/certificates/${id}`;
      assertProblem(await running.cards.call('GET', path), { status: 404, code: 'not-found' });
      const body = { reason: 'superseded' };
      assertProblem(await running.cards.call('POST', `${path}/revocation`, { body }), {
        status: 404,
        code: 'not-found',
      });
    });
  }

  it('with invalid percent-encoding gets 400 or 404', async () => {
    const answer = await running.cards.call('GET', '/v1/certificates/%zz');
    assert.ok(answer.status === 400 || answer.status === 404, JSON.stringify(answer.body));
  });

  it('with the character U+0000 gets 404 without a database query, and 400 in a search', async () => {
    for (const path of ['/v1/certificates/%00', '/v1/cas/aci-fo-pp%00']) {
      const { detail } = assertProblem(await running.cards.call('GET', path), { status: 404, code: 'not-found' });
      assert.match(detail ?? '', /U\+0000/);
    }
    const body = { reason: 'superseded' };
    for (const path of [
      '/v1/certificates/%00/revocation',
      '/v1/cards/8%00/revocation',
      '/v1/holders/8%00/revocation',
    ]) {
      const { detail } = assertProblem(await running.cards.call('POST', path, { body }), {
        status: 404,
        code: 'not-found',
      });
      assert.match(detail ?? '', /U\+0000/);
    }
    for (const name of ['holder', 'card', 'structure']) {
      const answer = await running.cards.call('GET', `/v1/certificates?${name}=a%00`);
      assertProblem(answer, { status: 400, code: 'invalid-request', pointer: `?/${name}` });
    }
  });

  it('of a card or holder without certificates gets 404', async () => {
    const body = { reason: 'superseded' };
    for (const path of ['/v1/cards/8025000001%2F0000000000/revocation', '/v1/holders/899999999999/revocation'])
      assertProblem(await running.cards.call('POST', path, { body }), { status: 404, code: 'not-found' });
  });

  it('of an unknown CA gets 404, and so does the CRL of a root, which is signed in ceremonies', async () => {
    assertProblem(await running.officer.call('GET', '/v1/cas/aci-xx'), { status: 404, code: 'not-found' });
    for (const id of ['aci-xx', 'acr-fo'])
      assertProblem(await running.officer.call('POST', `/v1/cas/${id}/crl`), { status: 404, code: 'not-found' });
  });

  it('of the OpenAPI document is readable without a client certificate', async () => {
    const { urls, at } = running.shared.service;
    const anonymous = createClient({ url: urls.api, trust: trustOf(at), credential: null, judge: null });
    assert.equal((await anonymous.call('GET', '/openapi.json')).status, 200);
    await anonymous.close();
  });

  it('serves nothing over plain HTTP', async () => {
    const port = running.shared.service.at.ports.api;
    assert.equal((await fetch(`http://127.0.0.1:${port}/openapi.json`)).status, 400);
  });

  it('gets 409 in a wrong state: revoked twice, released without a suspension', async () => {
    const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const at = `/v1/certificates/${issued.id}`;
    assertProblem(await running.cards.call('DELETE', `${at}/suspension`), { status: 409, code: 'state-conflict' });
    await running.cards.expect('POST', `${at}/revocation`, { body: { reason: 'superseded' } });
    for (const reason of ['superseded', 'keyCompromise'])
      assertProblem(await running.cards.call('POST', `${at}/revocation`, { body: { reason } }), {
        status: 409,
        code: 'state-conflict',
      });
    assertProblem(await running.cards.call('POST', `${at}/suspension`, { body: {} }), {
      status: 409,
      code: 'state-conflict',
    });
    assertProblem(await running.cards.call('DELETE', `${at}/suspension`), { status: 409, code: 'state-conflict' });
  });

  it('of a suspension that the profile does not allow gets 409', async () => {
    const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('fort/cps-signature'),
    });
    const answer = await running.cards.call('POST', `/v1/certificates/${issued.id}/suspension`, { body: {} });
    assertProblem(answer, { status: 409, code: 'state-conflict' });
  });

  it('rejects certificateHold as a revocation, and an invalidity date in the future', async () => {
    const issued = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    const path = `/v1/certificates/${issued.id}/revocation`;
    const hold = await running.cards.call('POST', path, { body: { reason: 'certificateHold' } });
    assertProblem(hold, { status: 400, code: 'invalid-request', pointer: '/reason' });
    const body = { reason: 'keyCompromise', invalidityDate: '2099-01-01T00:00:00Z' };
    const future = await running.cards.call('POST', path, { body });
    assertProblem(future, { status: 400, code: 'invalid-request', pointer: '/invalidityDate' });
  });
});
