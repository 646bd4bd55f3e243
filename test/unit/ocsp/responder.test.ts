/**
 * The requirements for the certificate of a responder, each violated alone.
 */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { readDelegatedResponder } from '../../../src/ocsp/responder.js';
import { assembleCertificate } from '../../../src/x509/certificate/certificate-writer.js';
import {
  assemble,
  type Edit,
  goodCertificate,
  partsOf,
  policy,
  withExtension,
  withoutExtension,
} from '../../support/lint/fixtures.js';
import { testIssuer, testKey } from '../policy/fixtures.js';

const PERSONS = 'aci-fo-pp';
const issuer = testIssuer(policy, PERSONS);
const good = partsOf(goodCertificate('fort/ocsp-pp').tbs);

function read(edit: Edit, signer = `${PERSONS}-1`): string {
  const tbs = assemble(edit(good));
  const signature = new Uint8Array(sign('sha256', tbs, testKey('p-256', signer).privateKey));
  const found = readDelegatedResponder(issuer, assembleCertificate(tbs, 'ecdsaWithSha256', signature));
  return found.ok ? 'a responder' : found.error.rule;
}
const purposes = (...dotted: readonly string[]): Bytes => seq(...dotted.map((one) => oid(one)));
const clientAuthentication = '1.3.6.1.5.5.7.3.2';

describe('the certificate of a responder', () => {
  it('must be issued and signed by the CA that it answers for', () => {
    assert.equal(
      read((parts) => parts),
      'a responder',
    );
    assert.equal(
      read((parts) => parts, 'aci-fo-org-1'),
      'issued-by-its-authority',
    );
    const { subjectDer } = testIssuer(policy, 'aci-fo-org');
    assert.equal(
      read((parts) => ({ ...parts, issuer: subjectDer })),
      'issued-by-its-authority',
    );
  });

  it('must have OCSP signing as its only purpose', () => {
    assert.equal(read(withoutExtension('extKeyUsage')), 'ocsp-signing-purpose');
    for (const value of [
      purposes(clientAuthentication),
      purposes(OID.ocspSigning, clientAuthentication),
      purposes(clientAuthentication, OID.ocspSigning),
    ])
      assert.equal(read(withExtension('extKeyUsage', value)), 'ocsp-signing-purpose');
  });

  it('must have ocsp-nocheck', () => {
    assert.equal(read(withoutExtension('ocspNoCheck')), 'ocsp-nocheck-present');
  });
});
