/**
 * An attacker with a stolen key orders a second certificate on it before the first one is revoked.
 */
import assert from 'node:assert/strict';
import { bindAccount } from '../../support/db/bind-account.js';
import { assertProblem, type IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';

const CARD_MANAGEMENT: Parameters<typeof bindAccount>[2] = {
  roles: ['card-management'],
  scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
};

describeService('the key of an account, stolen', { on: 'sqlite', traced: true }, (running) => {
  it('does not authenticate with a second certificate after the first was revoked for keyCompromise', async () => {
    const key = makeKey();
    const body = bodyOf('elementaire/org-auth-cli', makeCsr(key));
    const first = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    await bindAccount(running.shared.service.at, first.id, CARD_MANAGEMENT);
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const thief = running.shared.with({ certificate: first.certificate, key: pem });
    const second = await thief.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const thiefAgain = running.shared.with({ certificate: second.certificate, key: pem });
    assert.equal((await thiefAgain.call('GET', '/v1/cas')).status, 200, 'a renewal on the same key authenticates');
    const revocation = { body: { reason: 'keyCompromise' } };
    await running.officer.expect('POST', `/v1/certificates/${first.id}/revocation`, revocation);
    for (const client of [thief, thiefAgain])
      assertProblem(await client.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
    const { status } = await running.cards.expect<IssuedCertificate>('GET', `/v1/certificates/${second.id}`);
    assert.equal(status, 'revoked', 'it went with the first');
  });
});
