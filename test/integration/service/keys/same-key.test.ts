/** Several certificates of a holder on one key, of which one is revoked. */
import assert from 'node:assert/strict';
import type { AuditEntry } from '../../../support/db/stored-audit.js';
import { auditOf } from '../../../support/service/audit-of.js';
import type { Client, IssuedCertificate } from '../../../support/service/client.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { writeIssued } from '../../../support/service/files.js';
import { nextNumber, orderOf, type ProfileId } from '../../../support/service/orders.js';

const ORGANISATION: ProfileId = 'elementaire/org-auth-cli';

type RevokedCertificate = IssuedCertificate & { readonly alsoRevoked?: readonly string[] };
type ShownCertificate = {
  readonly status: string;
  readonly revocation: { readonly reason: string; readonly invalidityDate: string };
};
type Details = { readonly id?: string; readonly sameKey?: string };

describeService('the certificates of one key', { on: 'each', party: true }, (running) => {
  /** Two certificates of one holder on one key. */
  async function two(profiles: readonly ProfileId[] = [ORGANISATION, ORGANISATION], number = nextNumber()) {
    const csr = makeCsr(makeKey());
    const made: IssuedCertificate[] = [];
    for (const profile of profiles)
      made.push(
        await running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
          body: { ...orderOf(profile, number), csr },
        }),
      );
    const [first, second] = made;
    assert.ok(first && second);
    return { first, second, number };
  }
  const revoke = (client: Client, { id }: IssuedCertificate, body: object) =>
    client.expect<RevokedCertificate>('POST', `/v1/certificates/${id}/revocation`, { body });
  const show = ({ id }: IssuedCertificate) => running.cards.expect<ShownCertificate>('GET', `/v1/certificates/${id}`);

  async function entriesOf(id: string): Promise<readonly AuditEntry<Details>[]> {
    const entries = await auditOf<Details>(running.shared.as('auditor'));
    return entries.filter(({ details }) => details?.id === id);
  }

  it('are all revoked when one is revoked for keyCompromise: in the response, in OCSP, and each in the audit log', async () => {
    const { first, second } = await two();
    for (const issued of [first, second]) {
      const { output } = await running.party.ocsp(writeIssued(running.party, issued), issued.ca);
      assert.ok(output.includes(': good'), output);
    }
    const invalidityDate = '2026-03-01T10:00:00Z';
    const answer = await revoke(running.cards, first, { reason: 'keyCompromise', invalidityDate });
    assert.deepEqual(answer.alsoRevoked, [second.id]);
    for (const issued of [first, second]) {
      const { status, revocation } = await show(issued);
      assert.deepEqual(
        [status, revocation.reason, revocation.invalidityDate],
        ['revoked', 'keyCompromise', invalidityDate],
      );
      const { output } = await running.party.ocsp(writeIssued(running.party, issued), issued.ca);
      assert.ok(output.includes(': revoked'), output);
      const revoked = (await entriesOf(issued.id)).filter(({ type }) => type === 'certificate.revoked');
      assert.equal(revoked.length, 1);
      assert.equal(revoked[0]?.details.sameKey === undefined, issued === first);
    }
  });

  it('do not change when one is revoked for any other reason', async () => {
    const { first, second } = await two();
    assert.equal((await revoke(running.cards, first, { reason: 'superseded' })).alsoRevoked, undefined);
    assert.equal((await show(second)).status, 'issued');
  });

  it('are also revoked when suspended, and do not change when they were already revoked', async () => {
    const suspended = await two();
    await running.cards.expect('POST', `/v1/certificates/${suspended.second.id}/suspension`, { body: {} });
    await revoke(running.cards, suspended.first, { reason: 'keyCompromise' });
    assert.equal((await show(suspended.second)).status, 'revoked');
    const before = await two();
    await revoke(running.cards, before.second, { reason: 'superseded' });
    assert.equal((await revoke(running.cards, before.first, { reason: 'keyCompromise' })).alsoRevoked, undefined);
    assert.equal((await show(before.second)).revocation.reason, 'superseded');
  });

  it('are revoked even if the account cannot see them, and listed only if it can', async () => {
    const scope = { profiles: [ORGANISATION], structures: ['*'], domains: ['*'], holders: ['*'] };
    const { client } = await running.shared.newAccount({ roles: ['card-management'], scope });
    const { first, second } = await two([ORGANISATION, 'elementaire/org-sign']);
    assert.equal((await revoke(client, first, { reason: 'keyCompromise' })).alsoRevoked, undefined);
    assert.equal((await show(second)).status, 'revoked');
  });
});
