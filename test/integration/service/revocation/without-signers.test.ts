/**
 * A holder revokes while every signer is dead. Without this test a lost card could stay good until
 * an HSM works again.
 */
import assert from 'node:assert/strict';
import {
  assertProblem,
  type Client,
  createClient,
  credentialOf,
  type IssuedCertificate,
  trustOf,
} from '../../../support/service/client.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { cardBody, nextNumber, tokenId } from '../../../support/service/orders.js';
import { isAlive, isSignerChild } from '../../../support/service/processes.js';
import { createService, runPfcng, type Service } from '../../../support/service/service.js';
import { until } from '../../../support/until.js';
import { clientOfKey, issueServiceCard, signedBy, statementHead } from '../../../support/updates/service-card.js';

describe('a holder whose platform has no signer left', () => {
  let at: ServiceHome;
  let service: Service;
  const clients: Client[] = [];
  const withCredential = (credential: Parameters<typeof createClient>[0]['credential']): Client => {
    const client = createClient({ url: service.urls.api, trust: trustOf(at), credential, judge: null });
    clients.push(client);
    return client;
  };

  before(async () => {
    at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
  });
  after(async () => {
    for (const client of clients) await client.close();
    await service.killEverything();
    removeServiceHome(at);
  });

  it('revokes by TLS, and by a statement that a portal sends', async () => {
    const cards = withCredential(credentialOf(at, 'card-management'));
    const [byTls, byStatement] = [await issueServiceCard(cards), await issueServiceCard(cards)];
    const made = await runPfcng(at, 'account', 'change', 'auditor', '--role', 'portal');
    assert.equal(made.status, 0, made.stderr);
    const portal = withCredential(credentialOf(at, 'auditor'));
    const head = await statementHead(cards, byStatement.tokenId);
    await killSigners(service);
    const number = nextNumber();
    const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
    const refused = await cards.call('POST', path, { body: cardBody(number) });
    assertProblem(refused, { status: 503, code: 'signer-unavailable' });

    const self = clientOfKey({ with: withCredential }, byTls.authentication);
    await self.expect('POST', `${byTls.path}/revocation`, { body: { reason: 'keyCompromise' } });
    const proof = signedBy(byStatement.authentication, { ...head, verb: 'revoke', reason: 'keyCompromise' });
    await portal.expect('POST', `${byStatement.path}/revocation`, { body: { reason: 'keyCompromise', proof } });
    for (const { authentication, signature } of [byTls, byStatement])
      for (const { issued } of [authentication, signature]) {
        const { status } = await cards.expect<IssuedCertificate>('GET', `/v1/certificates/${issued.id}`);
        assert.equal(status, 'revoked');
      }
  });
});

/** Stops the supervisor first, which would replace them. */
async function killSigners(service: Service): Promise<void> {
  const signers = service.tree().filter(isSignerChild);
  assert.ok(signers.length > 0);
  for (const parent of new Set(signers.map((one) => one.parent))) process.kill(parent, 'SIGSTOP');
  for (const { pid } of signers) process.kill(pid, 'SIGKILL');
  await until('every signer is dead', async () => signers.every(({ pid }) => !isAlive(pid)));
}
