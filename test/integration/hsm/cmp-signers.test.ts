/**
 * CMP keys on a real token, from the ceremonies of a development home to a signature. Without this
 * test, the service could be unable to answer CMP, or its signer could sign what is no answer.
 */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readJournal } from '../../../hsm/journal/read-journal.js';
import { readCmpSignerCertificate } from '../../../src/cmp/signer-certificate.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { toSecond } from '../../../src/kernel/clock.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { isIssuedBy } from '../../../src/x509/certificate/issuer.js';
import { type PartFacts, protectedPart } from '../../support/cmp/protected-part.js';
import { createPlanting, type PlantedFaults } from '../../support/service/planting.js';

const ANSWERING = ['aci-fo-pp', 'aci-st-pp', 'aci-el-pp', 'aci-el-org'] as const;

describe('the CMP signers of a development home', () => {
  let service: PlantedFaults;
  const signerOf = (authority: string) => present(service.core.world.cmpSigners.of(authority), authority);
  const part = (authority: string, change: Partial<PartFacts> = {}): Bytes =>
    protectedPart({ sender: signerOf(authority).subject, at: toSecond(Date.now()), ...change });
  /** What the signer's journal has of refusals and of CMP answers. */
  async function journal(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const entry of readJournal(`${service.core.home.config.paths.signers}/platform`)) {
      assert.ok(entry.ok, JSON.stringify(entry));
      if (entry.value.kind === 'refused') found.push(entry.value.rule);
      if (entry.value.kind === 'platform') found.push(`${entry.value.issuer} ${entry.value.purpose}`);
    }
    return found;
  }

  before(async () => {
    service = await createPlanting();
  });
  after(() => service.stop());

  it('sign answers, each in its own name, with the chain of its CA and without the root', async () => {
    const { world } = service.core;
    for (const authority of ANSWERING) {
      const { certificate, chain, subject, keyIdentifier, sign } = signerOf(authority);
      const issuer = present(world.issuers.current(authority), authority);
      const read = readCmpSignerCertificate(issuer, certificate);
      assert.ok(read.ok, JSON.stringify(read));
      assert.deepEqual([subject, keyIdentifier], [read.value.tbs.subjectDer, read.value.keyIdentifier]);
      assert.deepEqual(chain, [issuer.certificate]);
      const view = readCertificate(certificate);
      assert.ok(view.ok && isIssuedBy(issuer, view.value));
      const data = part(authority);
      const signed = await sign(data);
      assert.ok(signed.ok, JSON.stringify(signed));
      const key = createPublicKey({ key: Buffer.from(read.value.tbs.spki), type: 'spki', format: 'der' });
      assert.ok(verify('sha256', data, key, signed.value));
    }
    assert.deepEqual(await journal(), [
      'cmp-fort cmp',
      'cmp-standard cmp',
      'cmp-elementaire cmp',
      'cmp-elementaire cmp',
    ]);
  });

  it('are known to the database, so that they have a status and can be revoked', async () => {
    const { world } = service.core;
    for (const authority of ANSWERING) {
      const view = readCertificate(signerOf(authority).certificate);
      assert.ok(view.ok);
      const issuer = present(world.issuers.current(authority), authority);
      const found = await world.store.read((reads) => reads.certificateBySerial(issuer.id, view.value.tbs.serial));
      assert.ok(found.ok && found.value !== null);
      assert.deepEqual(
        [found.value.holder, found.value.holderId],
        [{ kind: 'cmp-signer', ca: authority }, `cmp/${issuer.id}`],
      );
      assert.equal(found.value.state.status, 'issued');
    }
  });

  it('do not exist for CAs without a CMP profile', () => {
    for (const authority of ['aci-fo-org', 'aci-st-org', 'acr-fo', 'nobody'])
      assert.equal(service.core.world.cmpSigners.of(authority), null);
  });

  it('refuse all that is not an answer, and say so in the journal', async () => {
    const authority = 'aci-el-org';
    const { sign, certificate } = signerOf(authority);
    const before = (await journal()).length;
    const view = readCertificate(certificate);
    assert.ok(view.ok);
    const refused: readonly (readonly [string, Bytes, string])[] = [
      ["a request's body", part(authority, { bodyTag: 0 }), 'cmp-body'],
      ['another sender', part(authority, { sender: view.value.tbs.issuerDer }), 'cmp-sender'],
      ["another hierarchy's subject", part('aci-fo-pp'), 'cmp-sender'],
      ['an old messageTime', part(authority, { at: toSecond(Date.now()) - 6 * MINUTE_MS }), 'cmp-time'],
      ['a trailing octet', concat([part(authority), Uint8Array.of(0)]), 'tbs-not-a-sequence'],
      ['a TBSCertificate', view.value.tbs.der, 'cmp-form'],
    ];
    for (const [what, body] of refused) {
      const signed = await sign(body);
      assert.ok(!signed.ok && signed.error.kind === 'internal-error', what);
    }
    assert.deepEqual(
      (await journal()).slice(before),
      refused.map(([, , rule]) => rule),
    );
  });

  it('sign no receipt, and the platform key signs no answer', async () => {
    const { signer } = service.core;
    const asPlatform = await signer.platform({ cmpKey: 'platform' }, part('aci-fo-pp'));
    assert.ok(!asPlatform.ok && asPlatform.error.kind === 'signer-refused' && asPlatform.error.rule === 'cmp-sender');
  });
});
