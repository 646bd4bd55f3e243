/**
 * An attacker with a stolen key orders a second certificate on it before the first one is revoked.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account-defaults.js';
import { openStore } from '../../../src/db/open.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { AUDIT_ORIGIN } from '../../support/db/records.js';
import { assertProblem, type IssuedCertificate } from '../../support/service/client.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { describeService } from '../../support/service/describe-service.js';
import { bodyOf } from '../../support/service/orders.js';

describeService('the key of an account, stolen', { on: 'sqlite', traced: true }, (running) => {
  it('does not authenticate with a second certificate after the first was revoked for keyCompromise', async () => {
    const key = makeKey();
    const body = bodyOf('elementaire/org-auth-cli', makeCsr(key));
    const first = await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    await bindAccount(running.shared.service.at.home, first.id);
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

/** As an administrator does it: this certificate gets the rights of card management. */
async function bindAccount(home: string, certificateId: string): Promise<void> {
  const store = await openStore({
    database: { kind: 'sqlite', file: join(home, 'pfcng.sqlite') },
    environmentMark: 'development',
    auditOrigin: AUDIT_ORIGIN,
    clock: Date.now,
  });
  assert.ok(store.ok);
  const added = await store.value.transaction(async (tx) => {
    const record = await tx.certificateById(certificateId);
    assert.ok(record !== null);
    const id = `test-${randomUUID()}`;
    await tx.insertAccount({
      id,
      name: id,
      roles: ['card-management'],
      scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
      credentials: [{ issuer: 'aci-el-org' as IssuerId, spkiSha256: record.spkiSha256 }],
      disabled: false,
      ...ACCOUNT_DEFAULTS,
      createdAt: Date.now(),
    });
  });
  await store.value.close();
  assert.ok(added.ok);
}
