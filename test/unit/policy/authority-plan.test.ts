import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { OID } from '../../../src/asn1/oids.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { planAuthority } from '../../../src/policy/plan/authority-plan.js';
import { planSigner, responderProfileOf } from '../../../src/policy/plan/plan.js';
import { NOW, testIssuer, testKey, testPolicy } from './fixtures.js';

describe('the plan of an authority', () => {
  it('makes roots and issuing authorities that OpenSSL chains, for all three hierarchies', () => {
    const policy = testPolicy();
    for (const { id, issuer, commonName } of policy.authorities.values()) {
      const certificate = new X509Certificate(testIssuer(policy, id).certificate);
      const root = new X509Certificate(testIssuer(policy, issuer).certificate);
      assert.ok(certificate.ca && certificate.checkIssued(root) && certificate.verify(root.publicKey), id);
      const names = ['C=FR', 'O=ASIP-SANTE', 'OU=0002 187512751', 'OU=IGC-SANTE TEST', `CN=TEST ${commonName}`];
      assert.deepEqual(certificate.subject.split('\n'), names);
    }
  });

  it('gives roots 20 years with both ends included, and issuing authorities a day less', () => {
    const policy = testPolicy();
    const life = (id: string) => {
      const { notBefore, notAfter } = testIssuer(policy, id);
      return [formatInstant(notBefore), formatInstant(notAfter)];
    };
    assert.deepEqual(life('acr-fo'), ['2026-03-01T10:00:00Z', '2046-03-01T09:59:59Z']);
    assert.deepEqual(life('aci-fo-pp'), ['2026-03-01T10:00:00Z', '2046-02-28T09:59:59Z']);
  });

  it('lets a later generation end with its root', () => {
    const policy = testPolicy();
    const root = testIssuer(policy, 'acr-fo');
    const notBefore = NOW + 9 * 365 * DAY_MS;
    const { spki } = testKey('p-256', 'second');
    const plan = planAuthority(policy, 'aci-fo-pp', { generation: 2, spki, issuer: root, notBefore });
    assert.equal(plan.id, 'aci-fo-pp-2');
    assert.equal(plan.validity.notAfter, root.notAfter);
  });

  it('gives issuing authorities the address of the CRL of their root, and no other address to either kind', () => {
    const policy = testPolicy();
    const root = testIssuer(policy, 'acr-st');
    const { spki } = testKey('p-256', 'aci-st-pp-1');
    const plan = planAuthority(policy, 'aci-st-pp', { generation: 1, spki, issuer: root, notBefore: NOW });
    const oids = plan.extensions.map(({ oid }) => oid);
    assert.ok(oids.includes(OID.crlDistributionPoints));
    for (const oid of [OID.authorityInfoAccess, OID.freshestCrl, OID.extKeyUsage]) assert.ok(!oids.includes(oid));
    assert.deepEqual(plan.issuerName, root.subject);
  });

  it('rejects a wrong issuer, a root that another signs, and another key type than that of the policy', () => {
    const policy = testPolicy();
    const { spki } = testKey('p-256');
    const issuer = testIssuer(policy, 'acr-fo');
    const base = { generation: 1, spki, notBefore: NOW };
    assert.throws(() => planAuthority(policy, 'aci-st-pp', { ...base, issuer }), /issued by acr-st/);
    assert.throws(() => planAuthority(policy, 'aci-fo-pp', { ...base, issuer: null }), /not a root/);
    assert.throws(() => planAuthority(policy, 'acr-fo', { ...base, issuer }), /issued by/);
    const other = { ...base, spki: testKey('p-384').spki, issuer };
    assert.throws(() => planAuthority(policy, 'aci-fo-pp', other), /key of type p-256/);
    assert.throws(() => planAuthority(policy, 'aci-fo-pp', { ...base, issuer, notBefore: NOW - DAY_MS }), /within/);
    assert.throws(() => planAuthority(policy, 'aci-xx', { ...base, issuer }), /missing/);
  });
});

describe('the plan of an OCSP responder', () => {
  it('has the name of its authority, OCSP signing as its only purpose, and ocsp-nocheck instead of addresses', () => {
    const policy = testPolicy();
    const issuer = testIssuer(policy, 'aci-fo-pp');
    const profile = responderProfileOf(policy, 'aci-fo-pp');
    assert.equal(profile.id, 'fort/ocsp-pp');
    const plan = planSigner(policy, { profile, spki: testKey('p-256').spki, issuer, now: NOW });
    assert.deepEqual(
      plan.subject.flat().map(({ value }) => value),
      ['FR', 'ASIP-SANTE', '0002 187512751', 'IGC-SANTE TEST', 'TEST OCSP AC IGC-SANTE FORT PERSONNES'],
    );
    const { notBefore, notAfter } = plan.validity;
    assert.equal(notAfter - notBefore, 45 * DAY_MS - 1000);
    const oids = plan.extensions.map(({ oid }) => oid);
    assert.ok(oids.includes(OID.ocspNoCheck));
    for (const oid of [OID.authorityInfoAccess, OID.crlDistributionPoints, OID.freshestCrl, OID.subjectAltName])
      assert.ok(!oids.includes(oid), oid);
    assert.deepEqual([plan.holderId, plan.structureId], ['ocsp/aci-fo-pp', null]);
  });

  it('never outlives its authority', () => {
    const policy = testPolicy();
    const issuer = testIssuer(policy, 'aci-fo-pp');
    const now = issuer.notAfter - 10 * DAY_MS;
    const profile = responderProfileOf(policy, 'aci-fo-pp');
    const plan = planSigner(policy, { profile, spki: testKey('p-256').spki, issuer, now });
    assert.equal(plan.validity.notAfter, issuer.notAfter);
  });

  it('is refused for a profile of another kind, another authority, or a key type that is not allowed', () => {
    const policy = testPolicy();
    const issuer = testIssuer(policy, 'aci-fo-pp');
    const { spki } = testKey('p-256');
    const ask = (id: string, key = spki) => {
      const profile = policy.profiles.get(id);
      assert.ok(profile);
      return () => planSigner(policy, { profile, spki: key, issuer, now: NOW });
    };
    assert.throws(ask('fort/cps-signature'), /not for a signer of the platform/);
    assert.throws(ask('standard/ocsp-pp'), /issued by aci-st-pp/);
    assert.throws(ask('fort/ocsp-pp', new Uint8Array([0])), /type of the key/);
  });
});
