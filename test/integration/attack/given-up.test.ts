/**
 * An intent that was given up, or revoked with its card while it was being issued: a spent serial
 * number, and no certificate.
 */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { insertIntents, setState } from '../../support/db/unaudited.js';
import { assertProblem, type IssuedCertificate } from '../../support/service/client.js';
import { openServiceStore } from '../../support/service/database.js';
import { describeService } from '../../support/service/describe-service.js';
import type { ServiceHome } from '../../support/service/home.js';
import { cardBody, nextNumber, tokenId } from '../../support/service/orders.js';

describeService('an intent that was given up', { on: 'sqlite', traced: true }, (running) => {
  it('is not shown as a certificate, neither by its id nor on its card', async () => {
    const number = nextNumber();
    const at = `/v1/cards/${encodeURIComponent(tokenId(number))}`;
    const issued = await running.cards.expect<{ certificates: readonly IssuedCertificate[] }>(
      'POST',
      `${at}/certificates`,
      {
        body: cardBody(number),
      },
    );
    const id = await giveUpBeside(running.shared.service.at, issued.certificates[0]?.id ?? '');
    assertProblem(await running.cards.call('GET', `/v1/certificates/${id}`), { status: 404, code: 'not-found' });
    const body = { reason: 'superseded' };
    assertProblem(await running.cards.call('POST', `/v1/certificates/${id}/revocation`, { body }), {
      status: 404,
      code: 'not-found',
    });
    const { certificates } = await running.cards.expect<typeof issued>('POST', `${at}/revocation`, { body });
    assert.deepEqual(certificates.map((one) => one.id).sort(), issued.certificates.map((one) => one.id).sort());
    for (const { certificate } of certificates) assert.match(certificate, /^-----BEGIN CERTIFICATE-----\n/);
  });
});

/**
 * What a crash between intent and signature leaves when nobody can finish it, on the card of
 * another certificate.
 */
async function giveUpBeside(at: ServiceHome, certificateId: string): Promise<string> {
  const store = await openServiceStore(at);
  const id = randomUUID();
  const done = await store.transaction(async (tx) => {
    const record = await tx.certificateById(certificateId);
    assert.ok(record !== null);
    const serial = `0${randomBytes(16).toString('hex').slice(1)}`;
    await insertIntents(tx, [{ ...record, id, serial, signature: null, state: { status: 'open' }, claim: null }]);
    const state = { status: 'revoked', at: Date.now(), reason: 'unspecified', invalidityDate: null } as const;
    await setState(tx, id, [state, { at: Date.now(), actor: 'system' }]);
  });
  await store.close();
  assert.ok(done.ok);
  return id;
}
