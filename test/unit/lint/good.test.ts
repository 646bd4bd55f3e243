import assert from 'node:assert/strict';
import type { Result } from '../../../src/kernel/result.js';
import { checkAuthorityCertificate } from '../../../src/lint/certificate/authority.js';
import { checkLinkCertificate } from '../../../src/lint/certificate/link.js';
import { checkCertificate, lintCertificate } from '../../../src/lint/certificate/lint.js';
import type { LintFailure } from '../../../src/lint/rule.js';
import { redeemLintToken } from '../../../src/lint/token.js';
import { isOwnSigner } from '../../../src/policy/own-signers.js';
import { HOLDER_KEY_TYPES, type HolderKeyType } from '../../../src/x509/model.js';
import {
  assemble,
  BEGINS,
  goodAuthority,
  goodCertificate,
  goodLink,
  partsOf,
  policy,
} from '../../support/lint/fixtures.js';
import { PROFILES } from '../../support/service/orders.js';
import { testPolicy } from '../policy/fixtures.js';

const OWN = [...policy.profiles.values()].filter(({ holder }) => isOwnSigner(holder)).map(({ id }) => id);

/** Every key type of the profile except the slowest one, and the type that development excepts. */
const keyTypesOf = (profile: string): readonly HolderKeyType[] => [
  'rsa-2048',
  ...(policy.profiles.get(profile)?.keyTypes ?? []).filter((type) => type !== 'rsa-4096'),
];

function assertPasses(outcome: Result<unknown, LintFailure>): void {
  assert.ok(outcome.ok, outcome.ok ? '' : JSON.stringify(outcome.error.findings, null, 1));
}

describe('lint: the certificates of the platform pass every rule', () => {
  for (const profile of [...PROFILES, ...OWN]) {
    for (const keyType of keyTypesOf(profile)) {
      it(`${profile} with a key of ${keyType}`, () => {
        const { tbs, context } = goodCertificate(profile, { keyType });
        assertPasses(checkCertificate({ tbs, ...context, now: BEGINS }));
      });
    }
  }

  for (const id of policy.authorities.keys()) {
    it(`the authority ${id}`, () => {
      const { tbs, context } = goodAuthority(id);
      assertPasses(checkAuthorityCertificate({ tbs, ...context }));
    });
  }

  for (const id of ['acr-fo', 'acr-fo-2']) {
    it(`the link certificate of ${id}`, () => {
      const { tbs, context } = goodLink(id);
      assertPasses(checkLinkCertificate({ tbs, ...context }));
    });
  }

  it('covers every key type that is certified', () => {
    const covered = new Set([...PROFILES, ...OWN].flatMap(keyTypesOf));
    assert.deepEqual([...covered, 'rsa-4096'].sort(), [...HOLDER_KEY_TYPES].sort());
  });

  it('covers every profile of the policy but that of a conformance suite', () => {
    const real = [...policy.profiles.keys()].filter((id) => id !== 'elementaire/cmp-suite');
    assert.deepEqual(real.sort(), [...PROFILES, ...OWN].sort());
  });

  it('with a directory and delta CRLs too', () => {
    const addresses = { ldap: 'ldap://directory.example.org', deltaCrl: true };
    const under = testPolicy({ environment: { addresses }, authorities: { '*': { keyType: 'p-256' } } });
    for (const profile of PROFILES) {
      const { tbs, context } = goodCertificate(profile, { under });
      assertPasses(checkCertificate({ tbs, ...context }));
    }
    const { tbs, context } = goodAuthority('aci-fo-pp', under);
    assertPasses(checkAuthorityCertificate({ tbs, ...context }));
  });

  it('in each partition too, with its own CRL and no other', () => {
    const partitions = { 'aci-fo-pp': 3 };
    const addresses = { ldap: 'ldap://directory.example.org' };
    const under = testPolicy({
      environment: { addresses, crl: { partitions } },
      authorities: { '*': { keyType: 'p-256' } },
    });
    const seen = new Set<string>();
    // Keys are random, and so is the partition: as many are made as it takes to have each
    // partition.
    for (let key = 0; seen.size < 3 && key < 200; key += 1) {
      const { tbs, context } = goodCertificate('fort/cps-signature', { under, holder: `partition-${key}` });
      assertPasses(checkCertificate({ tbs, ...context, now: BEGINS }));
      const named = /ACI-FO-PP-p(\d)\.crl/.exec(Buffer.from(tbs).toString('latin1'))?.[1] ?? 'none';
      assert.ok(!Buffer.from(tbs).toString('latin1').includes('ldap:'), 'the directory has no lists of partitions');
      seen.add(named);
      // A partition that does not match is reported only when the certificate is about to be
      // signed.
      const other = { ...context.environment, crl: { ...context.environment.crl, partitions: {} } };
      const rules = checkCertificate({ tbs, ...context, environment: other, now: BEGINS });
      assert.deepEqual(rules.ok ? [] : rules.error.findings.map(({ rule }) => rule), [
        'e_cps_crl_distribution_points_are_issuers',
        'e_cps_freshest_crl_is_issuers',
      ]);
    }
    assert.deepEqual([...seen].sort(), ['0', '1', '2']);
  });

  it('under RSA issuers too', () => {
    const under = testPolicy({ authorities: { '*': { keyType: 'rsa-3072' } } });
    const { tbs, context } = goodCertificate('fort/cps-signature', { under });
    assertPasses(checkCertificate({ tbs, ...context }));
  });
});

describe('lint: a token', () => {
  const { tbs, context } = goodCertificate('fort/cps-signature');

  it('gives the linted bytes once, for the issuer that they were linted for', () => {
    const linted = lintCertificate({ tbs, ...context });
    assert.ok(linted.ok);
    assert.equal(linted.value.issuer, context.issuer.id);
    assert.deepEqual(redeemLintToken(linted.value), tbs);
    assert.throws(() => redeemLintToken(linted.value), /not used yet/);
  });

  it('is not made when a rule fails; all findings are returned', () => {
    const parts = partsOf(tbs);
    const broken = assemble({ ...parts, serial: Uint8Array.of(2, 1, 1), notBefore: parts.notAfter });
    const linted = lintCertificate({ tbs: broken, ...context });
    assert.ok(!linted.ok);
    const rules = linted.error.findings.map(({ rule }) => rule);
    assert.ok(rules.includes('e_serial_number_has_64_bits'));
    assert.ok(rules.includes('e_validity_ends_after_it_begins'));
  });

  it('comes with the decoded certificate', () => {
    const checked = checkCertificate({ tbs, ...context });
    assert.ok(checked.ok);
    assert.deepEqual(checked.value.tbs.der, tbs);
  });
});
