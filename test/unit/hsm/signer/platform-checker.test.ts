/**
 * The checker of the platform token. Each CMP key signs in the names of its own certificates; a
 * certificate that its CA did not make for CMP answers must end the start.
 */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { createChecker } from '../../../../hsm/signer/check.js';
import type { CheckerConfiguration } from '../../../../hsm/signer/check-port.js';
import { readCmpSignerCertificate } from '../../../../src/cmp/signer-certificate.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import { policyDocument } from '../../../../src/policy/transfer.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { assembleCertificate } from '../../../../src/x509/certificate/certificate-writer.js';
import { protectedPart } from '../../../support/cmp/protected-part.js';
import { BEGINS, goodCertificate, policy } from '../../../support/lint/fixtures.js';
import { testIssuer, testKey } from '../../policy/fixtures.js';

/** The certificate of a profile, signed by the first generation of its CA. */
function certificateOf(profile: string, authority: string): Bytes {
  const { tbs } = goodCertificate(profile, { keyType: 'p-256' });
  const signature = new Uint8Array(sign('sha256', tbs, testKey('p-256', `${authority}-1`).privateKey));
  return assembleCertificate(tbs, 'ecdsaWithSha256', signature);
}

type Row = CheckerConfiguration['issuers'][number];

function row(authority: string, label: string, certificate: Bytes): Row {
  const authorityCertificate = testIssuer(policy, authority).certificate;
  return {
    id: authority as IssuerId,
    label,
    keyType: 'p-256',
    certificate,
    authorityCertificate,
    approvedResponders: [],
  };
}

const PLATFORM: Row = {
  id: 'platform' as IssuerId,
  keyType: 'p-256',
  certificate: null,
  authorityCertificate: null,
  approvedResponders: [],
};

const checkerOf = (...rows: readonly Row[]) =>
  createChecker({
    tokenKind: 'platform',
    hierarchy: null,
    environmentMark: 'development',
    policy: policyDocument(policy),
    issuers: [PLATFORM, ...rows],
    clock: () => BEGINS,
  });

const FORT = row('aci-fo-pp', 'cmp-fort', certificateOf('fort/cmp-pp', 'aci-fo-pp'));
const PERSONS = row('aci-el-pp', 'cmp-elementaire', certificateOf('elementaire/cmp-pp', 'aci-el-pp'));
const ORGANISATIONS = row('aci-el-org', 'cmp-elementaire', certificateOf('elementaire/cmp-org', 'aci-el-org'));

function subjectOf({ id, certificate }: Row): Bytes {
  const read = readCmpSignerCertificate(testIssuer(policy, id), certificate ?? new Uint8Array(0));
  assert.ok(read.ok, JSON.stringify(read));
  return read.value.tbs.subjectDer;
}

describe('the checker of the platform token', () => {
  it('signs answers in the names of the certificates of the key, and of no other key', async () => {
    const checker = await checkerOf(FORT, PERSONS, ORGANISATIONS);
    const answers = (sender: Row, label: string): boolean =>
      checker.cmpAnswer(protectedPart({ sender: subjectOf(sender), at: BEGINS }), label).ok;
    assert.ok(answers(FORT, 'cmp-fort'));
    assert.ok(answers(PERSONS, 'cmp-elementaire'));
    assert.ok(answers(ORGANISATIONS, 'cmp-elementaire'));
    // The subject of another hierarchy.
    assert.ok(!answers(FORT, 'cmp-elementaire'));
    assert.ok(!answers(PERSONS, 'cmp-fort'));
    for (const label of ['platform', 'cmp-standard', 'aci-fo-pp']) assert.ok(!answers(FORT, label), label);
  });

  it('signs no certificate, list or OCSP response', async () => {
    const checker = await checkerOf(FORT);
    const { tbs } = goodCertificate('fort/cmp-pp');
    const id = 'aci-fo-pp' as IssuerId;
    for (const checked of [
      checker.certificate(tbs, 'fort/cmp-pp', id),
      checker.responderCertificate(tbs, 'fort/ocsp-pp', id),
      checker.ocsp(tbs, id),
      checker.crl(id).push(tbs),
    ])
      assert.ok(!checked.ok && checked.error.rule === 'no-authority-on-this-token');
  });

  it('does not start with a certificate that is not for CMP, of another CA, or for another key', async () => {
    const other = certificateOf('fort/ocsp-pp', 'aci-fo-pp');
    await assert.rejects(checkerOf(row('aci-fo-pp', 'cmp-fort', other)), /cmc-ca-purpose/);
    await assert.rejects(checkerOf({ ...FORT, certificate: PERSONS.certificate }), /issued-by-its-authority/);
    await assert.rejects(
      checkerOf({ ...FORT, label: 'cmp-standard' }),
      /not an issuing authority of the hierarchy standard/,
    );
    await assert.rejects(checkerOf({ ...FORT, label: 'platform' }), /not the label of a CMP key/);
  });
});

describe('the checker of a CA token', () => {
  it('signs no certificate of a CMP signer: only ceremonies do', async () => {
    const issuer = testIssuer(policy, 'aci-fo-pp');
    const checker = await createChecker({
      tokenKind: 'ca',
      hierarchy: 'fort',
      environmentMark: 'development',
      policy: policyDocument(policy),
      issuers: [
        {
          id: issuer.id,
          keyType: 'p-256',
          certificate: issuer.certificate,
          authorityCertificate: null,
          approvedResponders: [],
        },
      ],
      clock: () => BEGINS,
    });
    const { tbs } = goodCertificate('fort/cmp-pp');
    for (const checked of [
      checker.certificate(tbs, 'fort/cmp-pp', issuer.id),
      checker.responderCertificate(tbs, 'fort/cmp-pp', issuer.id),
    ])
      assert.ok(!checked.ok && checked.error.rule === 'profile-of-ceremonies', JSON.stringify(checked));
    assert.ok(!checker.cmpAnswer(protectedPart({ sender: issuer.subjectDer, at: BEGINS }), 'cmp-fort').ok);
  });
});
