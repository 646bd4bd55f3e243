/**
 * Requests of accounts that try for two certificates where there may be one, and for dates that
 * lie.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Answer, assertProblem, type IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf, cardBody, nextNumber, orderOf, tokenId } from '../../support/service/orders.js';

describeService('an account that tries its luck', { on: 'each', traced: true }, (running) => {
  it('gets one set of certificates for one Idempotency-Key, with any encoding of the card in the path', async () => {
    const number = nextNumber();
    const body = cardBody(number);
    const headers = { 'idempotency-key': randomUUID() };
    const spellings = ['%2F', '%2f'].map((slash) => tokenId(number).replace('/', slash));
    spellings.push(`%38${spellings[0]?.slice(1)}`);
    const answers: Answer[] = [];
    for (const spelling of spellings)
      answers.push(await running.cards.call('POST', `/v1/cards/${spelling}/certificates`, { body, headers }));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    );
    for (const { body: again } of answers.slice(1)) assert.deepEqual(again, answers[0]?.body);
  });

  it('gets a key certified for only one holder, even with simultaneous requests', async () => {
    for (let round = 0; round < 3; round += 1) {
      const csr = makeCsr(makeKey());
      const bodies = Array.from({ length: 12 }, () => ({ ...orderOf('fort/cps-signature'), csr }));
      const answers = await Promise.all(bodies.map((body) => running.cards.call('POST', '/v1/certificates', { body })));
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      for (const refused of answers.filter(({ status }) => status !== 201))
        assertProblem(refused, { status: 422, code: 'key-rejected', pointer: '/csr', rule: 'key-of-one-holder' });
    }
  });

  it('can use an Idempotency-Key again whose request lost the race for a key', async () => {
    const csr = makeCsr(makeKey());
    const keys = Array.from({ length: 12 }, () => randomUUID());
    const answers = await Promise.all(
      keys.map((key) => {
        const body = { ...orderOf('fort/cps-signature'), csr };
        return running.cards.call('POST', '/v1/certificates', { body, headers: { 'idempotency-key': key } });
      }),
    );
    const lost = keys.filter((_, at) => answers[at]?.status !== 201);
    assert.equal(lost.length, 11);
    for (const key of lost) {
      const body = bodyOf('fort/cps-signature');
      const again = await running.cards.call('POST', '/v1/certificates', { body, headers: { 'idempotency-key': key } });
      assert.equal(again.status, 201);
    }
  });

  it('gets 400 for duplicate keys, which a proxy may read differently', async () => {
    const raw = `{"profile":"elementaire/org-auth-cli",${JSON.stringify(bodyOf('fort/cps-signature')).slice(1)}`;
    const answer = await running.cards.call('POST', '/v1/certificates', { raw, type: 'application/json' });
    assertProblem(answer, { status: 400, code: 'invalid-request', pointer: '/profile', rule: 'member-once' });
  });

  it('cannot suspend with a date in the future, nor with one that no list could have', async () => {
    const { id } = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
      body: bodyOf('elementaire/org-auth-cli'),
    });
    for (const invalidityDate of ['9999-12-31T23:59:59Z', '0099-12-31T23:59:59Z', '1969-12-31T23:59:59Z']) {
      const answer = await running.cards.call('POST', `/v1/certificates/${id}/suspension`, {
        body: { invalidityDate },
      });
      assertProblem(answer, { status: 400, code: 'invalid-request', rule: 'invalidity-date-past' });
    }
  });

  it('gets no certificate with an invisible name', async () => {
    const { holder, ...rest } = bodyOf('fort/cps-signature');
    const body = { ...rest, holder: { ...(holder as object), surname: '\u3164' } };
    const answer = await running.cards.call('POST', '/v1/certificates', { body });
    assertProblem(answer, {
      status: 422,
      code: 'policy-violated',
      pointer: '/holder/surname',
      rule: 'text-characters',
    });
  });
});
