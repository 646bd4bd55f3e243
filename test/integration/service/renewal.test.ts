/**
 * Renewal: another certificate for the same holder, on a new key, while the old one nears its end.
 */
import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import { assertProblem, type Client, type IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { auditedOf } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf, cardBody, IDENTITY, nextNumber, type ProfileId, tokenId } from '../../support/service/orders.js';

const DAY_MS = 86_400_000;

describeService('a renewal', { on: 'each' }, (running) => {
  const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  /** Ends within the window of its profile, 90 days. */
  const issue = (profile: ProfileId = 'elementaire/org-auth-cli', csr = makeCsr(makeKey()), days = 30) =>
    running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: { ...bodyOf(profile, csr), validity: { notAfter: inDays(days) } },
    });
  type By = { readonly client?: Client; readonly key?: string };
  const renew = (id: string, body: object = { csr: makeCsr(makeKey()) }, { client = running.cards, key }: By = {}) =>
    client.call('POST', `/v1/certificates/${id}/renewal`, {
      body,
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    });
  const read = (id: string): Promise<IssuedCertificate> =>
    running.cards.expect<IssuedCertificate>('GET', `/v1/certificates/${id}`);
  const keyOf = ({ certificate }: IssuedCertificate) => new X509Certificate(certificate).publicKey;

  it('issues another certificate for the same holder and profile on the new key, and does not change the old one', async () => {
    const old = await issue();
    const key = makeKey();
    const answer = await renew(old.id, { csr: makeCsr(key) });
    assert.equal(answer.status, 201);
    const renewed = answer.body as IssuedCertificate;
    assert.deepEqual(
      [renewed.renews, renewed.profile, renewed.status, renewed.holder, renewed.card],
      [old.id, old.profile, 'issued', old.holder, old.card],
    );
    assert.equal(new X509Certificate(renewed.certificate).subject, new X509Certificate(old.certificate).subject);
    assert.ok(keyOf(renewed).equals(key.publicKey));
    // The whole life of the profile, from now.
    assert.ok(Date.parse(renewed.notAfter) > Date.now() + 3 * 365 * DAY_MS);
    assert.deepEqual(await read(old.id), old);
    assert.deepEqual(await read(renewed.id), renewed);
    assert.equal(old.renews, null);
    type Summary = { readonly id: string; readonly renews: string | null; readonly renewedBy: string | null };
    for (const [serial, renews, renewedBy] of [
      [old.serialNumber, null, renewed.id],
      [renewed.serialNumber, old.id, null],
    ]) {
      const page = await running.cards.expect<{ readonly certificates: readonly Summary[] }>(
        'GET',
        `/v1/certificates/summaries?serialNumber=0x${serial}`,
      );
      const [shown] = page.certificates;
      assert.deepEqual([shown?.renews, shown?.renewedBy, page.certificates.length], [renews, renewedBy, 1]);
    }
  });

  it('of a card’s certificates passes the rules of cards, both of them, on the evidence that was recorded', async () => {
    const number = nextNumber();
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const body = cardBody(number) as { readonly requests: readonly object[] };
    const requests = body.requests.map((request) => ({ ...request, validity: { notAfter: inDays(30) } }));
    const { certificates } = await running.cards.expect<{ readonly certificates: readonly IssuedCertificate[] }>(
      'POST',
      path,
      {
        body: { ...body, requests },
      },
    );
    const [first, second] = certificates;
    assert.ok(first && second);
    const identity = { ...IDENTITY, reference: 'psi-test-0002' };
    const plain = await renew(first.id);
    const proven = await renew(second.id, { csr: makeCsr(makeKey()), identity });
    assert.deepEqual([plain.status, proven.status], [201, 201]);
    assert.deepEqual((plain.body as IssuedCertificate).card, first.card);
    const ids = [plain, proven].map(({ body: issued }) => (issued as IssuedCertificate).id);
    const entries = await auditedOf(running.shared.service.at, 'certificate.intent', ids);
    assert.deepEqual(
      entries.map(({ renews, evidenceFrom }) => ({ renews, evidenceFrom })),
      [
        { renews: first.id, evidenceFrom: 'renewed' },
        { renews: second.id, evidenceFrom: 'request' },
      ],
    );
  });

  it('is on a key that had no certificate: neither the old one nor one that a renewal had', async () => {
    const key = makeKey();
    const old = await issue('elementaire/org-auth-cli', makeCsr(key));
    const refused = { status: 422, code: 'key-rejected', pointer: '/csr', rule: 'renewal-with-new-key' };
    assertProblem(await renew(old.id, { csr: makeCsr(key) }), refused);
    const next = { csr: makeCsr(makeKey()) };
    assert.equal((await renew(old.id, next)).status, 201);
    assertProblem(await renew(old.id, next), refused);
  });

  it('before its window is refused, and says when the window opens', async () => {
    const old = await issue('elementaire/org-auth-cli', undefined, 91);
    const refused = { status: 422, code: 'policy-violated', pointer: '', rule: 'renewal-window' };
    const { detail = '' } = assertProblem(await renew(old.id), refused);
    assert.ok(detail.includes(inDays(1).slice(0, 10)), detail);
  });

  it('requires the status issued: suspended and revoked certificates are rejected', async () => {
    const old = await issue();
    const path = `/v1/certificates/${old.id}`;
    await running.cards.expect('POST', `${path}/suspension`);
    assertProblem(await renew(old.id), { status: 409, code: 'state-conflict' });
    await running.cards.expect('DELETE', `${path}/suspension`);
    assert.equal((await renew(old.id)).status, 201);
    await running.cards.expect('POST', `${path}/revocation`, { body: { reason: 'superseded' } });
    assertProblem(await renew(old.id), { status: 409, code: 'state-conflict' });
  });

  it('under an Idempotency-Key is one certificate, also after the old one was revoked', async () => {
    const old = await issue();
    const [key, body] = [randomUUID(), { csr: makeCsr(makeKey()) }];
    const first = await renew(old.id, body, { key });
    assert.equal(first.status, 201);
    await running.cards.expect('POST', `/v1/certificates/${old.id}/revocation`, { body: { reason: 'superseded' } });
    assert.deepEqual((await renew(old.id, body, { key })).body, first.body);
    assertProblem(await renew(old.id, { csr: makeCsr(makeKey()) }, { key }), {
      status: 422,
      code: 'idempotency-mismatch',
    });
  });

  it('is for whoever may renew, and sees the certificate: others get 403 and 404', async () => {
    const old = await issue();
    assertProblem(await renew(old.id, undefined, { client: running.officer }), {
      status: 403,
      code: 'not-permitted',
    });
    const scope = { profiles: ['fort/*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const { client } = await running.shared.newAccount({ roles: ['card-management'], scope });
    assertProblem(await renew(old.id, undefined, { client }), { status: 404, code: 'not-found' });
    assertProblem(await renew(randomUUID()), { status: 404, code: 'not-found' });
  });

  it('does not accept holder, card or profile in the request', async () => {
    const old = await issue();
    for (const member of ['holder', 'card', 'profile']) {
      const body = { csr: makeCsr(makeKey()), [member]: {} };
      const refused = { status: 400, code: 'invalid-request', pointer: `/${member}`, rule: 'member-known' };
      assertProblem(await renew(old.id, body), refused);
    }
  });
});
