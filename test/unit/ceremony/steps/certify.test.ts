/**
 * What the lint finds in a certificate of a ceremony. Without this test, a ceremony could sign an
 * issuing CA that lacks its policies, and all certificates below it would be wrong (Bugzilla
 * 1921598).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { OID } from '../../../../src/asn1/oids.js';
import type { StepContext } from '../../../../src/ceremony/steps/kind.js';
import { authorityFindings, type Certification, certify } from '../../../../src/ceremony/steps/shared/certify.js';
import { err } from '../../../../src/kernel/result.js';
import { planAuthority } from '../../../../src/policy/plan/authority-plan.js';
import { NOW, testIssuer, testKey, testPolicy } from '../../policy/fixtures.js';

const STOPPED = { kind: 'given-up', what: { fr: 'arrêt', en: 'stop' } } as const;

describe('the certificate of an issuing CA', () => {
  const policy = testPolicy();
  const issuer = testIssuer(policy, 'acr-fo');
  const { spki } = testKey('p-256', 'issuing CA');
  const plan = planAuthority(policy, 'aci-fo-pp', { generation: 1, spki, issuer, notBefore: NOW });
  let shown: number;
  const context = {
    world: { random: (octets: number) => new Uint8Array(randomBytes(octets)) },
    confirm: async () => {
      shown += 1;
      return err(STOPPED);
    },
    token: () => assert.fail('nobody has confirmed anything'),
  } as unknown as StepContext;
  const certificationWith = (extensions: Certification['tbs']['extensions']): Certification => ({
    output: 'authorities/aci-fo-pp.cer',
    issuer: { id: issuer.id, token: 'root-fort', keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: 'aci-fo-pp', spki },
    tbs: { issuerDer: issuer.subjectDer, validity: plan.validity, subject: plan.subject, extensions },
    lint: (linting) => authorityFindings(policy, plan, { ...linting, issuer }),
  });
  beforeEach(() => {
    shown = 0;
  });

  it('is neither shown nor signed without its policies', async () => {
    const withoutPolicies = plan.extensions.filter(({ oid }) => oid !== OID.certificatePolicies);
    const certified = await certify(context, certificationWith(withoutPolicies));
    assert.ok(!certified.ok && certified.error.kind === 'lint-failed', JSON.stringify(certified));
    assert.match(certified.error.findings.join('\n'), /e_cps_ca_extensions: missing: certificatePolicies/);
    assert.equal(shown, 0);
  });

  it('is shown when the lint finds nothing in it', async () => {
    assert.deepEqual(await certify(context, certificationWith(plan.extensions)), err(STOPPED));
    assert.equal(shown, 1);
  });
});
