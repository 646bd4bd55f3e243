/**
 * The checks of certificates, each broken alone, for each action and state. Without this matrix a
 * revoked, expired or suspended certificate could act for itself, or a compromised key for its
 * card.
 */
import assert from 'node:assert/strict';
import { type CertificateEvidence, certificateFault } from '../../../src/access/client-certificate.js';
import { SELF_ACTIONS, statesFor } from '../../../src/access/principal.js';
import { OID } from '../../../src/asn1/oids.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { derOf, serverCertificate } from '../../support/service/own-certificates.js';

const NOW = 1_000_000;
const STATES: readonly StoredState[] = [
  { status: 'open' },
  { status: 'pending' },
  { status: 'issued' },
  { status: 'suspended', at: NOW, invalidityDate: null },
  { status: 'revoked', at: NOW, reason: 'unspecified', invalidityDate: null },
];

function evidence(changes: Partial<CertificateEvidence> = {}): CertificateEvidence {
  const read = readCertificate(derOf(serverCertificate().certificate));
  assert.ok(read.ok);
  const { tbs } = read.value;
  const times = { notBefore: { ...tbs.notBefore, at: NOW - 10 }, notAfter: { ...tbs.notAfter, at: NOW + 10 } };
  // keyUsage digitalSignature and extKeyUsage clientAuth.
  const usage = { oid: OID.keyUsage, critical: true, value: Uint8Array.of(3, 2, 7, 0x80) };
  const clientAuth = Uint8Array.of(0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 2);
  const purposes = { oid: OID.extKeyUsage, critical: false, value: clientAuth };
  return {
    tbs: { ...tbs, ...times, extensions: [usage, purposes] },
    kind: 'platform',
    status: { state: { status: 'issued' }, notAfter: NOW + 10, signed: true },
    states: ['issued'],
    mustAuthenticateClients: true,
    issuer: { notBefore: NOW - 20, notAfter: NOW + 20 },
    issuerIsRevoked: false,
    isAsRecorded: true,
    keyIsCompromised: false,
    now: NOW,
    ...changes,
  };
}

const ruleOf = (changes: Partial<CertificateEvidence>): string =>
  certificateFault(evidence(changes))?.rule ?? 'permitted';

describe('the checks of a certificate that authenticates somebody', () => {
  it('each break by their own rule', () => {
    const { tbs } = evidence();
    const expected: readonly (readonly [string, Partial<CertificateEvidence>])[] = [
      ['permitted', {}],
      ['certificate-in-time', { now: NOW - 11 }],
      ['certificate-in-time', { now: NOW + 11 }],
      ['certificate-for-client-authentication', { tbs: { ...tbs, extensions: tbs.extensions.slice(0, 1) } }],
      ['certificate-for-client-authentication', { tbs: { ...tbs, extensions: tbs.extensions.slice(1) } }],
      ['permitted', { tbs: { ...tbs, extensions: [] }, mustAuthenticateClients: false }],
      ['issuer-in-time', { issuer: { notBefore: NOW + 1, notAfter: NOW + 20 } }],
      ['issuer-in-time', { issuer: { notBefore: NOW - 20, notAfter: NOW - 1 } }],
      ['issuer-not-revoked', { issuerIsRevoked: true }],
      ['certificate-not-revoked', { status: null }],
      ['certificate-not-revoked', { status: { state: { status: 'issued' }, notAfter: NOW, signed: false } }],
      ['certificate-as-recorded', { isAsRecorded: false }],
      ['key-not-compromised', { keyIsCompromised: true }],
      ['certificate-of-an-officer', { kind: 'break-glass' }],
    ];
    for (const [rule, changes] of expected) assert.equal(ruleOf(changes), rule, JSON.stringify(Object.keys(changes)));
  });

  it('demand the state of the action: open and revoked certificates do nothing', () => {
    for (const action of SELF_ACTIONS)
      for (const state of STATES) {
        const permitted = statesFor(action).includes(state.status);
        const status = { state, notAfter: NOW + 10, signed: state.status !== 'open' };
        const rule = ruleOf({ status, states: statesFor(action) });
        assert.equal(rule, permitted ? 'permitted' : 'certificate-not-revoked', `${action} ${state.status}`);
        assert.ok(!permitted || (state.status !== 'open' && state.status !== 'revoked'));
      }
  });
});
