/**
 * What EST and CMP add to the checks of issuance. Without them, a request could get an extension
 * that its profile does not give, or a second certificate on a key by another copy of it.
 */
import assert from 'node:assert/strict';
import { type EnrolmentRequest, vet } from '../../../src/issuance/prepare.js';
import { present } from '../../../src/kernel/assert.js';
import { findClashes } from '../../../src/operations/issuance/clashes.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import { writeExtendedKeyUsage } from '../../../src/x509/extensions/extended-key-usage.js';
import { readCertificationRequest } from '../../../src/x509/request/certification-request.js';
import { intent, NOW as THEN } from '../../support/db/records.js';
import { NOW, orderFor, testIssuer, testPolicy } from '../policy/fixtures.js';
import { craftRequest } from '../x509/requests.js';

const POLICY = testPolicy();
const ORDER = orderFor('elementaire/org-auth-cli');

async function vetted(requested: EnrolmentRequest['requested']) {
  const read = await readCertificationRequest(craftRequest());
  assert.ok(read.ok);
  const profile = present(POLICY.profiles.get(ORDER.profile), ORDER.profile);
  const enrolment: EnrolmentRequest = { protocol: 'est', sources: ['request', 'account'], requested };
  const context = { policy: POLICY, issuer: testIssuer(POLICY, profile.authority), now: NOW };
  return vet({ order: ORDER, key: read.value.key, pointer: '', enrolment }, context);
}

describe('a request by EST', () => {
  it('is vetted with what was added to it', async () => {
    const subject = [[{ type: '2.5.4.3', form: 'utf8String', value: 'INSI-MANU' }]] as const;
    const found = await vetted({ subject, extensions: [] });
    assert.deepEqual(found.ok && found.value.enrolment, {
      protocol: 'est',
      sources: ['request', 'account'],
      modifications: ['C', 'ST', 'O', 'OU'].map((what) => ({ kind: 'added', what })),
    });
  });

  it('is refused with a purpose that the profile does not give', async () => {
    const found = await vetted({ subject: [], extensions: [writeExtendedKeyUsage(['serverAuth'])] });
    assert.equal(found.ok || found.error.kind, 'policy-violated');
    assert.deepEqual(found.ok || found.error.violations.map(({ pointer, rule }) => [pointer, rule]), [
      ['/csr', 'requested-extension'],
    ]);
  });
});

describe('a key that has a certificate', () => {
  const profile = 'elementaire/org-auth-cli';
  const holderId = '10B0057881/INSI-MANU';
  const signature = Uint8Array.of(1);
  const existing = intent(1, { profile, holderId, signature, state: { status: 'issued' } });
  const rulesFor = (other: Partial<CertificateRecord>, asked: Partial<CertificateRecord>) => {
    const record = intent(2, { profile, holderId, spkiSha256: existing.spkiSha256, ...asked });
    const uses = { byKey: () => [{ ...existing, ...other }], isBlocked: () => false, onCard: () => [] };
    const clash = findClashes(uses, {
      applications: [],
      records: [record],
      now: THEN,
      environment: { cardsOfOneHolder: false },
      blockedKeys: { has: () => false },
    });
    return clash === null ? [] : clash.violations.map(({ rule }) => rule);
  };

  for (const protocol of ['est', 'cmp'] as const)
    for (const [what, other] of [
      ['issued', {}],
      ['suspended', { state: { status: 'suspended', at: THEN, invalidityDate: null } }],
      ['open', { signature: null, state: { status: 'open' } }],
    ] as const)
      it(`${what} of the same profile is not certified again by ${protocol}`, () =>
        assert.deepEqual(rulesFor(other, { protocol }), ['key-certified-already']));

  it('may be certified again by REST, for another profile, or after the end of the first', () => {
    assert.deepEqual(rulesFor({}, { protocol: 'rest' }), []);
    assert.deepEqual(rulesFor({}, { protocol: 'est', profile: 'elementaire/org-sign' }), []);
    assert.deepEqual(rulesFor({ notAfter: THEN - 1 }, { protocol: 'est' }), []);
  });
});
