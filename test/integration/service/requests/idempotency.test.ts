/** Sending a request twice makes one certificate. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Answer, assertProblem, type Client, type IssuedCertificate } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { bodyOf, cardBody, nextNumber, tokenId } from '../../../support/service/orders.js';

describeService('an Idempotency-Key', { on: 'each' }, (running) => {
  const post = (body: object, key: string, client: Client = running.cards): Promise<Answer> =>
    client.call('POST', '/v1/certificates', { body, headers: { 'idempotency-key': key } });

  it('with the same body gives the same certificate, in both spellings of the header', async () => {
    const body = bodyOf('elementaire/org-auth-cli');
    const key = randomUUID();
    const first = await post(body, key);
    assert.equal(first.status, 201);
    for (const spelling of [key, `"${key}"`]) {
      const again = await post(body, spelling);
      assert.equal(again.status, 201);
      assert.deepEqual(again.body, first.body);
    }
  });

  it('returns the current state of the certificate, e.g. revoked', async () => {
    const body = bodyOf('elementaire/org-auth-cli');
    const key = randomUUID();
    const first = await post(body, key);
    const { id } = first.body as IssuedCertificate;
    const path = `/v1/certificates/${id}`;
    const suspended = await running.cards.expect('POST', `${path}/suspension`);
    assert.deepEqual((await post(body, key)).body, suspended);
    const revoked = await running.cards.expect<IssuedCertificate>('POST', `${path}/revocation`, {
      body: { reason: 'superseded' },
    });
    const again = await post(body, key);
    assert.equal(again.status, 201);
    assert.deepEqual(again.body, revoked);
    const { status, revocation } = first.body as IssuedCertificate;
    assert.deepEqual({ ...revoked, status, revocation }, first.body);
  });

  it('with another body gets 422 idempotency-mismatch', async () => {
    const key = randomUUID();
    assert.equal((await post(bodyOf('elementaire/org-auth-cli'), key)).status, 201);
    const other = await post(bodyOf('elementaire/org-auth-cli'), key);
    assertProblem(other, { status: 422, code: 'idempotency-mismatch' });
  });

  it('of a rejected request can be used again', async () => {
    const key = randomUUID();
    assert.equal((await post(bodyOf('elementaire/org-auth-cli', 'nonsense'), key)).status, 422);
    assert.equal((await post(bodyOf('elementaire/org-auth-cli'), key)).status, 201);
  });

  it('makes one certificate for simultaneous requests: the others get it too, or 409 in-progress', async () => {
    const body = bodyOf('fort/cps-authentication');
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(body, key)));
    const made = answers
      .filter(({ status }) => status === 201)
      .map(({ body: issued }) => (issued as IssuedCertificate).id);
    assert.ok(made.length >= 1);
    assert.equal(new Set(made).size, 1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      assertProblem(answer, { status: 409, code: 'in-progress' });
      assert.ok(Number(answer.headers['retry-after']) >= 1);
    }
    const { holder } = body as { readonly holder: { readonly idNat: string } };
    const found = await running.cards.expect<{ certificates: readonly IssuedCertificate[] }>(
      'GET',
      `/v1/certificates?holder=${holder.idNat}`,
    );
    assert.equal(found.certificates.length, 1);
    assert.equal((await post(body, key)).status, 201);
  });

  it('applies to all certificates of a card', async () => {
    const number = nextNumber();
    const sent = { body: cardBody(number), headers: { 'idempotency-key': randomUUID() } };
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const first = await running.cards.expect('POST', path, sent);
    assert.deepEqual(await running.cards.expect('POST', path, sent), first);
  });

  it('belongs to one account and one route', async () => {
    const key = randomUUID();
    assert.equal((await post(bodyOf('elementaire/org-auth-cli'), key)).status, 201);
    const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
    const other = await running.shared.newAccount({ roles: ['card-management'], scope });
    assert.equal((await post(bodyOf('elementaire/org-auth-cli'), key, other.client)).status, 201);
    const number = nextNumber();
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const card = await running.cards.call('POST', path, {
      body: cardBody(number),
      headers: { 'idempotency-key': key },
    });
    assert.equal(card.status, 201);
  });

  for (const key of ['', '""', 'with space', 'é', 'x'.repeat(129)]) {
    it(`that is invalid gets 400: ${key.slice(0, 12) || 'nothing'}`, async () => {
      // Header values are octets: what is not ASCII is sent as Latin-1.
      const answer = await post(bodyOf('elementaire/org-auth-cli'), key);
      const { detail } = assertProblem(answer, { status: 400, code: 'invalid-request', rule: 'idempotency-key' });
      assert.match(detail ?? '', /^Idempotency-Key: must be 1 to 128 visible ASCII characters/);
    });
  }
});
