import assert from 'node:assert/strict';
import { createHash, sign } from 'node:crypto';
import { createChecker } from '../../../../hsm/signer/check.js';
import type { Checker, CheckerConfiguration } from '../../../../hsm/signer/check-port.js';
import type { Refusal } from '../../../../hsm/wire/answers.js';
import { integer, nullValue, octetString, oid, seq } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { crlHeaderOf, encodeSmallCrl } from '../../../../src/crl/encode.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import type { Result } from '../../../../src/kernel/result.js';
import { encodeResponseData } from '../../../../src/ocsp/encode.js';
import { crlExtensions } from '../../../../src/policy/publication/crl-lists.js';
import { policyDocument } from '../../../../src/policy/transfer.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import type { CrlScope } from '../../../../src/ports/store/crls.js';
import { assembleCertificate } from '../../../../src/x509/certificate/certificate-writer.js';
import { subjectKeyIdentifier } from '../../../../src/x509/keys/public-key.js';
import type { Issuer } from '../../../../src/x509/model.js';
import {
  assemble,
  BEGINS,
  goodAuthority,
  goodCertificate,
  partsOf,
  policy,
  withKey,
  withValue,
} from '../../../support/lint/fixtures.js';
import { testIssuer, testKey } from '../../policy/fixtures.js';

const PERSONS = 'aci-fo-pp' as IssuerId;
const ORGANISATIONS = 'aci-fo-org' as IssuerId;
const HOUR_MS = 3_600_000;

const issuer = testIssuer(policy, PERSONS);

function responderCertificate(tbs = goodCertificate('fort/ocsp-pp').tbs): Bytes {
  const signature = new Uint8Array(sign('sha256', tbs, testKey('p-256', `${PERSONS}-1`).privateKey));
  return assembleCertificate(tbs, 'ecdsaWithSha256', signature);
}

function configuration(kind: CheckerConfiguration['tokenKind'], now = BEGINS): CheckerConfiguration {
  const own = (one: Issuer) => ({
    id: one.id,
    keyType: one.keyType,
    certificate: kind === 'ocsp' ? responderCertificate() : one.certificate,
    authorityCertificate: kind === 'ocsp' ? one.certificate : null,
    approvedResponders: [],
  });
  return {
    tokenKind: kind,
    hierarchy: 'fort',
    environmentMark: 'development',
    policy: policyDocument(policy),
    issuers: kind === 'ocsp' ? [own(issuer)] : [own(issuer), own(testIssuer(policy, ORGANISATIONS))],
    clock: () => now,
  };
}

/** `configuration('ca')` with certificates of a ceremony for the first of its authorities. */
function withApproved(...certificates: readonly Bytes[]): CheckerConfiguration {
  const { issuers, ...rest } = configuration('ca');
  const approvedResponders = certificates.map((certificate) => ({ file: 'aci-fo-pp.ocsp.cer', certificate }));
  return { ...rest, issuers: issuers.map((one) => (one.id === PERSONS ? { ...one, approvedResponders } : one)) };
}

function assertRefused(outcome: Result<unknown, Refusal>, rule: string): void {
  assert.ok(!outcome.ok, 'it was not refused');
  assert.equal(outcome.error.rule, rule, outcome.error.detail);
}

describe('checker of a CA token', () => {
  let checker: Checker;
  const good = goodCertificate('fort/cps-signature').tbs;
  before(async () => {
    checker = await createChecker(configuration('ca'));
  });

  it('accepts a certificate of its hierarchy, and reads its serial number', () => {
    const judged = checker.certificate(good, 'fort/cps-signature', PERSONS);
    assert.deepEqual(judged, {
      ok: true,
      value: { serial: '5a4b3c2d1e0f10213243546576879801', perHourMax: policy.environment.certificatesPerHourMax },
    });
  });

  it('accepts every type of key that the profile lists, and refuses any other', () => {
    const profile = 'fort/cps-signature';
    for (const keyType of policy.profiles.get(profile)?.keyTypes ?? []) {
      if (keyType === 'rsa-4096') continue;
      const judged = checker.certificate(goodCertificate(profile, { keyType }).tbs, profile, PERSONS);
      assert.ok(judged.ok, JSON.stringify(judged));
    }
    for (const keyType of ['p-521', 'ed25519'] as const) {
      const { spki } = testKey(keyType);
      const keyBits = spki.slice(keyType === 'p-521' ? -133 : -32);
      const tbs = assemble(withKey(spki, keyBits)(partsOf(good)));
      assertRefused(checker.certificate(tbs, profile, PERSONS), 'e_cps_key_type_is_allowed');
    }
  });

  it('refuses an unknown profile', () => {
    assertRefused(checker.certificate(good, 'fort/anything', PERSONS), 'profile-unknown');
  });

  it('refuses a profile of another hierarchy, whatever the certificate', () => {
    const { tbs } = goodCertificate('standard/cpe-signature');
    assertRefused(checker.certificate(tbs, 'standard/cpe-signature', PERSONS), 'profile-of-another-hierarchy');
  });

  it('refuses a profile of another authority of its hierarchy', () => {
    assertRefused(checker.certificate(good, 'fort/cps-signature', ORGANISATIONS), 'profile-of-another-authority');
  });

  it('refuses an issuer whose certificate it has not read', () => {
    assertRefused(checker.certificate(good, 'fort/cps-signature', 'aci-fo-pp-2' as IssuerId), 'issuer-unknown');
  });

  it('refuses a certificate of a responder in the frame of other certificates', () => {
    const { tbs } = goodCertificate('fort/ocsp-pp');
    assertRefused(checker.certificate(tbs, 'fort/ocsp-pp', PERSONS), 'profile-of-responders');
  });

  it('refuses the certificate of a responder under the name of another profile', () => {
    const { tbs } = goodCertificate('fort/ocsp-pp');
    const judged = checker.certificate(tbs, 'fort/cps-authentication', PERSONS);
    assert.ok(!judged.ok);
    assert.match(judged.error.detail, /e_ocsp_signing_is_for_responders_alone/);
  });

  it('refuses the certificate of an authority under any profile', () => {
    const { tbs } = goodAuthority('aci-fo-pp');
    for (const profile of policy.profiles.values()) {
      const judged = checker.certificate(tbs, profile.id, PERSONS);
      assert.ok(!judged.ok, profile.id);
    }
  });

  it('refuses what violates one rule of the lint, and names the rule', () => {
    const parts = partsOf(good);
    const broken = assemble({ ...parts, serial: integer(1) });
    assertRefused(checker.certificate(broken, 'fort/cps-signature', PERSONS), 'e_serial_number_has_64_bits');
  });

  it('accepts an exception of its own policy until its end, and refuses it a second later', async () => {
    const edit = withValue('title', 'Infirmier ');
    const broken = assemble(edit(partsOf(good)));
    const expires = new Date(BEGINS + HOUR_MS).toISOString().replace('.000', '');
    const rule = 'e_cps_subject_values_have_no_extra_spaces';
    const exception = { rule, profiles: ['*'], expires, reason: 'a test of ours', approver: 'officer-1' };
    const excepting = { ...policy, environment: { ...policy.environment, lintExceptions: [exception] } };
    const judgeAt = (now: number) =>
      createChecker({ ...configuration('ca', now), policy: policyDocument(excepting) }).then((one) =>
        one.certificate(broken, 'fort/cps-signature', PERSONS),
      );
    assert.ok((await judgeAt(BEGINS + HOUR_MS)).ok);
    assertRefused(await judgeAt(BEGINS + HOUR_MS + 1_000), rule);
    assertRefused(checker.certificate(broken, 'fort/cps-signature', PERSONS), rule);
  });

  it('refuses garbage', () => {
    assertRefused(
      checker.certificate(Uint8Array.of(0x30, 0), 'fort/cps-signature', PERSONS),
      'e_certificate_is_strict_der',
    );
  });

  it('refuses a certificate that begins days before now', async () => {
    const later = await createChecker(configuration('ca', BEGINS + 48 * HOUR_MS));
    assertRefused(later.certificate(good, 'fort/cps-signature', PERSONS), 'e_cps_validity_begins_near_now');
  });

  it('accepts stored bytes that were left unsigned by a crash for some hours', async () => {
    const later = await createChecker(configuration('ca', BEGINS + 5 * HOUR_MS));
    assert.ok(later.certificate(good, 'fort/cps-signature', PERSONS).ok);
  });

  it('checks a revocation list of its issuer while it streams', () => {
    const list = checker.crl(PERSONS);
    for (const octet of crl(issuer, BEGINS)) assert.ok(list.push(Uint8Array.of(octet)).ok);
    const value = {
      number: '7',
      scope: 'full',
      base: null,
      thisUpdate: '2026-03-01T10:00:00Z',
      entries: 0,
      removals: 0,
    };
    assert.deepEqual(list.end(), { ok: true, value });
  });

  it('accepts a delta and no partition, when the policy has deltas and no partitions', () => {
    const list = (scope: CrlScope): Result<unknown, Refusal> => {
      const times = { thisUpdate: BEGINS, nextUpdate: BEGINS + HOUR_MS };
      const base = scope.startsWith('delta') ? 6 : null;
      const header = crlHeaderOf(issuer, { number: 7, base, ...times }, crlExtensions(policy, PERSONS, scope));
      const reading = checker.crl(PERSONS);
      reading.push(encodeSmallCrl(header, []));
      return reading.end();
    };
    const delta = { number: '7', scope: 'delta', base: 6, thisUpdate: '2026-03-01T10:00:00Z', entries: 0, removals: 0 };
    assert.deepEqual(list('delta'), { ok: true, value: delta });
    assertRefused(list('full-0'), 'e_cps_crl_scope_is_served');
    assertRefused(list('delta-0'), 'e_cps_crl_scope_is_served');
  });

  it('refuses the list of another issuer', () => {
    const list = checker.crl(ORGANISATIONS);
    assertRefused(list.push(crl(issuer, BEGINS)), 'e_crl_issuer_is_subject_of_issuer');
  });

  it('refuses a list from the future, which would hide later revocations, and one that is valid too long', () => {
    const [early, long] = [checker.crl(PERSONS), checker.crl(PERSONS)];
    assert.ok(early.push(crl(issuer, BEGINS + HOUR_MS)).ok);
    assertRefused(early.end(), 'crl-not-from-the-future');
    long.push(crl(issuer, BEGINS, 400 * 24 * HOUR_MS));
    assertRefused(long.end(), 'e_cps_crl_life_within_policy');
  });

  it('refuses OCSP responses', () => {
    assertRefused(checker.ocsp(answer(BEGINS), PERSONS), 'issuer-unknown');
  });

  it('does not start with an authority of another hierarchy', async () => {
    await assert.rejects(createChecker({ ...configuration('ca'), hierarchy: 'standard' }), /aci-fo-pp: not an issuing/);
  });

  it('does not start when a certificate is missing', async () => {
    const issuers = configuration('ca').issuers.map((one) => ({ ...one, certificate: null }));
    await assert.rejects(createChecker({ ...configuration('ca'), issuers }), /aci-fo-pp: a certificate is missing/);
  });

  it('does not start with a root', async () => {
    const { id, keyType, certificate } = testIssuer(policy, 'acr-fo');
    const issuers = [{ id, keyType, certificate, authorityCertificate: null, approvedResponders: [] }];
    await assert.rejects(createChecker({ ...configuration('ca'), issuers }), /acr-fo: not an issuing authority/);
  });

  it('does not start with the policy of another environment', async () => {
    await assert.rejects(createChecker({ ...configuration('ca'), environmentMark: 'production' }), /for development/);
  });
});

describe('checker of a CA token, for certificates of responders', () => {
  const valid = goodCertificate('fort/ocsp-pp').tbs;
  const again = assemble({ ...partsOf(valid), serial: integer(Uint8Array.from([0x5b, ...new Array(15).fill(7)])) });
  const foreign = goodCertificate('fort/ocsp-pp', { holder: 'a key of a stolen service' }).tbs;
  let checker: Checker;
  before(async () => {
    checker = await createChecker(withApproved(responderCertificate()));
  });

  it('accepts a certificate for a key that a ceremony has certified, with the cap of its profile', () => {
    const judged = checker.responderCertificate(again, 'fort/ocsp-pp', PERSONS);
    assert.ok(judged.ok, JSON.stringify(judged));
    assert.deepEqual(judged.value, { serial: `5b${'07'.repeat(15)}`, perHourMax: 10 });
  });

  it('refuses any other key', () => {
    assertRefused(checker.responderCertificate(foreign, 'fort/ocsp-pp', PERSONS), 'responder-key-not-approved');
  });

  it('refuses every key when the configuration names no certificate', async () => {
    const none = await createChecker(withApproved());
    assertRefused(none.responderCertificate(valid, 'fort/ocsp-pp', PERSONS), 'responder-key-not-approved');
  });

  it('refuses the approved key under another authority of the hierarchy', () => {
    const { tbs } = goodCertificate('fort/ocsp-org');
    assertRefused(checker.responderCertificate(tbs, 'fort/ocsp-org', ORGANISATIONS), 'responder-key-not-approved');
    assertRefused(checker.responderCertificate(valid, 'fort/ocsp-pp', ORGANISATIONS), 'profile-of-another-authority');
  });

  it('lints it like every certificate', () => {
    const broken = assemble({ ...partsOf(valid), serial: integer(1) });
    assertRefused(checker.responderCertificate(broken, 'fort/ocsp-pp', PERSONS), 'e_serial_number_has_64_bits');
    assert.ok(!checker.responderCertificate(goodAuthority('aci-fo-pp').tbs, 'fort/ocsp-pp', PERSONS).ok);
  });

  it('refuses any profile that is not of responders', () => {
    const { tbs } = goodCertificate('fort/cps-signature');
    assertRefused(checker.responderCertificate(tbs, 'fort/cps-signature', PERSONS), 'profile-not-of-responders');
  });

  for (const [what, certificate] of [
    ['another authority has signed', responderCertificate(goodCertificate('fort/ocsp-org').tbs)],
    ['is no OCSP-signing certificate', responderCertificate(goodCertificate('fort/cps-signature').tbs)],
    [
      'this authority has not signed',
      responderCertificate().map((octet, at, all) => (at === all.length - 3 ? octet ^ 1 : octet)),
    ],
    ['is none', Uint8Array.of(0x30, 0)],
  ] as const) {
    it(`does not start with an approving certificate that ${what}`, async () => {
      await assert.rejects(
        createChecker(withApproved(certificate)),
        /aci-fo-pp\.ocsp\.cer is not a certificate of a responder/,
      );
    });
  }
});

describe('checker of an OCSP token', () => {
  let checker: Checker;
  before(async () => {
    checker = await createChecker(configuration('ocsp'));
  });

  it('accepts a response of its responder about its CA', () => {
    assert.deepEqual(checker.ocsp(answer(BEGINS), PERSONS), { ok: true, value: { responses: 1, key: PERSONS } });
  });

  it('returns which of several responders of its CA a response names', async () => {
    const { issuers, ...rest } = configuration('ocsp');
    const [first] = issuers;
    assert.ok(first !== undefined);
    const { tbs } = goodCertificate('fort/ocsp-pp', { holder: 'another' });
    const second = { ...first, label: `${PERSONS}.p-256`, certificate: responderCertificate(tbs) };
    const both = await createChecker({ ...rest, issuers: [first, second] });
    const by = (holder: string): Bytes =>
      encodeResponseData({
        ...content(BEGINS),
        responderId: { by: 'key', keyHash: subjectKeyIdentifier(testKey('p-256', holder).spki) },
      });
    for (const [holder, key] of [
      ['holder', PERSONS],
      ['another', `${PERSONS}.p-256`],
    ] as const)
      assert.deepEqual(both.ocsp(by(holder), PERSONS), { ok: true, value: { responses: 1, key } });
    assertRefused(both.ocsp(by('a stranger'), PERSONS), 'e_ocsp_responder_id_is_signer');
    assertRefused(both.ocsp(by('another'), `${PERSONS}.p-256` as IssuerId), 'issuer-unknown');
  });

  it('refuses a response that is valid longer than the policy allows, or that is not of now', () => {
    const [soon, late] = [BEGINS + HOUR_MS / 2, BEGINS + policy.environment.ocspAnswers.lifeMs + 1_000];
    const [past, before] = [BEGINS - HOUR_MS / 10, BEGINS - 1_000];
    for (const [producedAt, thisUpdate, nextUpdate, rule] of [
      [BEGINS, BEGINS, late, 'e_cps_ocsp_life_within_policy'],
      [soon, BEGINS, BEGINS + HOUR_MS, 'ocsp-not-from-the-future'],
      [soon, soon, BEGINS + HOUR_MS, 'ocsp-not-from-the-future'],
      [past, past, BEGINS, 'ocsp-not-from-the-past'],
      [BEGINS, past, BEGINS, 'ocsp-not-from-the-past'],
      [before, before, BEGINS, 'ocsp-not-before-its-certificate'],
      [BEGINS, soon, BEGINS + HOUR_MS, 'e_ocsp_this_update_not_after_produced_at'],
    ] as const) {
      const responses = content(BEGINS).responses.map((one) => ({ ...one, thisUpdate, nextUpdate }));
      assertRefused(checker.ocsp(encodeResponseData({ ...content(producedAt), responses }), PERSONS), rule);
    }
  });

  it('refuses a response in the name of another responder', () => {
    const foreign = { ...content(BEGINS), responderId: { by: 'key' as const, keyHash: new Uint8Array(20) } };
    assertRefused(checker.ocsp(encodeResponseData(foreign), PERSONS), 'e_ocsp_responder_id_is_signer');
  });

  it('does not start with a certificate that is not a responder’s', async () => {
    const issuers = [{ ...issuer, authorityCertificate: issuer.certificate, approvedResponders: [] }];
    await assert.rejects(
      createChecker({ ...configuration('ocsp'), issuers }),
      /responder's certificate cannot be used/,
    );
  });
});

describe('checker of the platform token', () => {
  it('signs for no authority', async () => {
    const checker = await createChecker({ ...configuration('platform'), hierarchy: null, issuers: [] });
    assertRefused(
      checker.certificate(goodCertificate('fort/cps-signature').tbs, 'fort/cps-signature', PERSONS),
      'no-authority-on-this-token',
    );
    assertRefused(checker.ocsp(answer(BEGINS), PERSONS), 'no-authority-on-this-token');
    assertRefused(checker.crl(PERSONS).push(crl(issuer, BEGINS)), 'no-authority-on-this-token');
  });
});

function crl(of: Issuer, thisUpdate: number, lifeMs = 24 * HOUR_MS): Bytes {
  const list = { number: 7, thisUpdate, nextUpdate: thisUpdate + lifeMs };
  return encodeSmallCrl(crlHeaderOf(of, list, crlExtensions(policy, of.id, 'full')), []);
}

function content(at: number): Parameters<typeof encodeResponseData>[0] {
  const hash = (bytes: Bytes) => octetString(createHash('sha1').update(bytes).digest());
  const certIdDer = seq(
    seq(oid(OID.sha1), nullValue()),
    hash(issuer.subjectDer),
    octetString(subjectKeyIdentifier(issuer.spki)),
    integer(4711),
  );
  return {
    responderId: { by: 'key', keyHash: subjectKeyIdentifier(testKey('p-256', 'holder').spki) },
    producedAt: at,
    responses: [{ certIdDer, status: { kind: 'good' }, thisUpdate: at, nextUpdate: at + HOUR_MS }],
    nonce: null,
  };
}

function answer(at: number): Bytes {
  return encodeResponseData(content(at));
}
