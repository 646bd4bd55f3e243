/**
 * Sources of a holder, profile by profile. If a request could add to a registration or to a record,
 * or contradict one, a secret for one holder would make certificates about another.
 */
import assert from 'node:assert/strict';
import { octetString, oid, seq, utf8String } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { present } from '../../../../src/kernel/assert.js';
import { outcomeOf } from '../../../../src/policy/enrolment/outcome.js';
import { extensionViolations } from '../../../../src/policy/enrolment/requested-extensions.js';
import { type HolderSource, orderFrom, type RequestedContent } from '../../../../src/policy/enrolment/sources.js';
import type { Profile, Structure } from '../../../../src/policy/model.js';
import { isOwnSigner } from '../../../../src/policy/own-signers.js';
import { type CertificatePlan, planCertificate } from '../../../../src/policy/plan/plan.js';
import { composeName, subjectOf } from '../../../../src/policy/plan/subject.js';
import { writeBasicConstraints } from '../../../../src/x509/extensions/basic-constraints.js';
import { writeExtendedKeyUsage } from '../../../../src/x509/extensions/extended-key-usage.js';
import { writeGipCardId } from '../../../../src/x509/extensions/gip-card-id.js';
import { writeGipCardType } from '../../../../src/x509/extensions/gip-card-type.js';
import { writeKeyUsage } from '../../../../src/x509/extensions/key-usage.js';
import { writeSubjectAltName } from '../../../../src/x509/extensions/subject-alt-name.js';
import { writeSubjectKeyIdentifier } from '../../../../src/x509/extensions/subject-key-identifier.js';
import type { Extension, Name } from '../../../../src/x509/model.js';
import { keyTypeFor, NOW, orderFor, testIssuer, testKey, testPolicy } from '../fixtures.js';

const POLICY = testPolicy();
const ANY_TIME = { notBefore: null, notAfter: null };
/** Subjects of the profile of a conformance suite have no structure. */
const PROFILES = [...POLICY.profiles.values()].filter(
  ({ holder, enrolment }) => !isOwnSigner(holder) && enrolment?.conformanceSuite !== true,
);
const OWN: Structure = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' };
const NOTHING: RequestedContent = { subject: [], extensions: [] };

const profileOf = (id: string): Profile => present(POLICY.profiles.get(id), id);
const cn = (value: string): Name => [[{ type: OID.commonName, form: 'utf8String', value }]];

function planOf(profile: Profile): CertificatePlan {
  const spki = testKey(keyTypeFor(profile.id)).spki;
  const issuer = testIssuer(POLICY, profile.authority);
  const plan = planCertificate(POLICY, { order: orderFor(profile.id), spki, issuer, now: NOW });
  assert.ok(plan.ok, JSON.stringify(plan));
  return plan.value;
}

/** A client that has read the whole certificate, and asks for the same. */
function everything(profile: Profile): RequestedContent {
  const order = orderFor(profile.id);
  return { subject: composeName(subjectOf(profile, order), order), extensions: planOf(profile).extensions };
}

function complete(profile: Profile, kind: 'record' | 'registration'): HolderSource {
  const { holder, card, identity, keyOrigin } = orderFor(profile.id);
  const facts = { holder, card, identity, keyOrigin };
  return kind === 'record' ? { kind, facts } : { kind, facts, reference: 'K7QMB2Z5WA3XTN4E' };
}

function ask(source: HolderSource, profile: Profile, requested: RequestedContent) {
  return orderFrom(source, { profile, requested, validity: ANY_TIME });
}

/** `rule: English message` of what was refused. */
function refusals(found: ReturnType<typeof ask>): readonly string[] {
  if (found.ok) return [];
  const faults = found.error.kind === 'not-permitted' ? [found.error] : found.error.violations;
  return faults.map(({ rule, message }) => `${rule}: ${message.en}`);
}

describe('a complete source', () => {
  for (const profile of PROFILES)
    for (const kind of ['record', 'registration'] as const)
      it(`${kind} gives the order of ${profile.id}, whatever the request repeats of it`, () => {
        const source = complete(profile, kind);
        for (const requested of [NOTHING, everything(profile)]) {
          const found = ask(source, profile, requested);
          assert.ok(found.ok, JSON.stringify(found));
          const order = orderFor(profile.id);
          assert.deepEqual(found.value.order, order);
          assert.deepEqual(found.value.sources, [kind]);
          assert.deepEqual(extensionViolations(planOf(profile), order.holder, requested.extensions), []);
          assert.equal(outcomeOf(requested, planOf(profile)).result, 'accepted');
        }
      });

  for (const profile of PROFILES)
    it(`refuses each attribute of ${profile.id} that differs, by name`, () => {
      const { subject } = everything(profile);
      for (const [at, { type }] of subject.flat().entries()) {
        const changed = subject.flat().map((one, index) => [index === at ? { ...one, value: 'Z' } : one]);
        const [found, ...more] = refusals(
          ask(complete(profile, 'registration'), profile, { ...NOTHING, subject: changed }),
        );
        assert.match(found ?? type, /^requested-value: \w+ is not the value that is known here/);
        assert.deepEqual(more, []);
      }
    });

  it('takes the own text, where the request has the same in other letters', () => {
    const profile = profileOf('elementaire/org-auth-cli');
    const requested = { ...NOTHING, subject: cn('insi-manu') };
    const found = ask(complete(profile, 'record'), profile, requested);
    assert.ok(found.ok);
    assert.equal(outcomeOf(requested, planOf(profile)).modifications[0]?.kind, 'changed');
  });

  it('registration takes its reference as a subject that asks for nothing; a record does not', () => {
    const profile = profileOf('fort/cps-authentication');
    const requested = { ...NOTHING, subject: cn('K7QMB2Z5WA3XTN4E') };
    const found = ask(complete(profile, 'registration'), profile, requested);
    assert.deepEqual(found.ok && found.value.requested, NOTHING);
    assert.match(refusals(ask(complete(profile, 'record'), profile, requested)).join(), /^requested-value: CN/);
    const other = { ...NOTHING, subject: cn('k7qmb2z5wa3xtn4e') };
    assert.match(refusals(ask(complete(profile, 'registration'), profile, other)).join(), /^requested-value: CN/);
  });

  it('refuses a pseudonym for a holder with names', () => {
    const profile = profileOf('standard/cpe-authentication');
    const subject: Name = [[{ type: OID.pseudonym, form: 'utf8String', value: 'ACCUEIL' }]];
    const found = refusals(ask(complete(profile, 'record'), profile, { ...NOTHING, subject }));
    assert.match(found.join(), /^requested-value: pseudonym/);
  });
});

describe('an account', () => {
  const account = (structure: Structure | null = OWN): HolderSource => ({ kind: 'account', structure });
  const open = ['org-auth-cli', 'org-sign', 'org-conf', 'serv-ssl', 'serv-smime'].map((name) => `elementaire/${name}`);

  for (const profile of PROFILES) {
    const isOpen = open.includes(profile.id);
    it(`${isOpen ? 'may' : 'may not'} name the holder of ${profile.id} in the request`, () => {
      const found = ask(account(null), profile, everything(profile));
      assert.deepEqual(
        refusals(found).map((one) => one.split(':')[0]),
        isOpen ? [] : ['holder-from-registration'],
      );
      if (found.ok) assert.deepEqual(found.value.order, orderFor(profile.id));
    });
  }

  it('with a structure completes a common name alone', () => {
    const found = ask(account(), profileOf('elementaire/org-auth-cli'), { ...NOTHING, subject: cn('INSI-MANU') });
    assert.ok(found.ok);
    assert.deepEqual(found.value.order, orderFor('elementaire/org-auth-cli'));
    assert.deepEqual(found.value.sources, ['request', 'account']);
    const outcome = outcomeOf(found.value.requested, planOf(profileOf('elementaire/org-auth-cli')));
    assert.deepEqual(
      outcome.modifications,
      ['C', 'ST', 'O', 'OU'].map((what) => ({ kind: 'added', what })),
    );
  });

  it('without a structure, or for another one, needs the attributes of the request', () => {
    const profile = profileOf('elementaire/org-auth-cli');
    const found = refusals(ask(account(null), profile, { ...NOTHING, subject: cn('INSI-MANU') }));
    for (const name of ['ST', 'O', 'OU'])
      assert.ok(
        found.includes(`requested-value-missing: ${name} is missing in the request, and no other source has it`),
        name,
      );
    const other: Name = [...cn('X'), [{ type: OID.organizationalUnitName, form: 'utf8String', value: '2187512751' }]];
    const missing = refusals(ask(account(), profile, { ...NOTHING, subject: other }));
    assert.deepEqual(missing.map((one) => one.split(' ')[1]).sort(), ['O', 'ST']);
  });

  it('with a structure refuses a name that is not that of the structure', () => {
    const subject: Name = [...cn('X'), [{ type: OID.organizationName, form: 'utf8String', value: 'AUTRE' }]];
    const found = refusals(ask(account(), profileOf('elementaire/org-sign'), { ...NOTHING, subject }));
    assert.match(found.join(), /^requested-value: O is not the value that is known here \(account\)/);
  });

  it('names a server by the common name, the alternative names, or both, the common name first', () => {
    const profile = profileOf('elementaire/serv-ssl');
    const san = (...names: readonly string[]) => [
      writeSubjectAltName(names.map((value) => ({ kind: 'dNSName', value }) as const)),
    ];
    const namesOf = (subject: Name, extensions: readonly Extension[]) => {
      const found = ask(account(), profile, { subject, extensions });
      return found.ok && found.value.order.holder.kind === 'server' ? found.value.order.holder.names : refusals(found);
    };
    assert.deepEqual(namesOf(cn('a.example.org'), []), ['a.example.org']);
    assert.deepEqual(namesOf([], san('b.example.org', 'a.example.org')), ['b.example.org', 'a.example.org']);
    assert.deepEqual(namesOf(cn('a.example.org'), san('b.example.org', 'a.example.org')), [
      'a.example.org',
      'b.example.org',
    ]);
    assert.match(namesOf([], []).join(), /^requested-value-missing: CN/);
  });

  it('gets nothing for a responder', () => {
    const found = refusals(ask(account(), profileOf('fort/ocsp-pp'), NOTHING));
    assert.match(found.join(), /^profile-internal/);
  });
});

describe('requested extensions', () => {
  const profile = profileOf('elementaire/serv-ssl');
  const { holder } = orderFor(profile.id);
  const rules = (extensions: readonly Extension[], of = profile) =>
    extensionViolations(planOf(of), orderFor(of.id).holder, extensions).map(
      ({ rule, message }) => `${rule}: ${message.en}`,
    );
  const unknown = (critical: boolean): Extension => ({ oid: '1.2.3.4', critical, value: utf8String('x') });

  const rights: readonly Extension[] = [
    writeBasicConstraints({ ca: true, pathLen: null }),
    ...[OID.cmcRa, OID.cmcCa, OID.cmKga].map((purpose) => ({
      ...writeExtendedKeyUsage(['clientAuth']),
      value: seq(oid(OID.clientAuth), oid(purpose)),
    })),
  ];
  for (const [at, extension] of rights.entries())
    it(`that ask for a right are not permitted (${at})`, () => {
      const found = ask({ kind: 'account', structure: OWN }, profile, { subject: [], extensions: [extension] });
      assert.equal(found.ok || found.error.kind, 'not-permitted');
      assert.match(refusals(found).join(), /^requested-right/);
    });

  it('must be what the profile gives, or be absent', () => {
    const wrong = [
      writeKeyUsage(['digitalSignature', 'keyCertSign']),
      writeExtendedKeyUsage(['emailProtection']),
      writeGipCardId('8025000001/2600301752'),
      writeGipCardType(0),
    ];
    const found = rules(wrong);
    for (const name of ['keyUsage', 'extKeyUsage', 'gipCardId', 'gipCardType'])
      assert.ok(
        found.some((one) => one.startsWith(`requested-extension: the requested extension ${name} `)),
        name,
      );
    const organisation = profileOf('elementaire/org-sign');
    assert.match(
      rules([writeSubjectAltName([{ kind: 'dNSName', value: 'a.example' }])], organisation).join(),
      /subjectAltName/,
    );
  });

  it('may list purposes in another order', () => {
    assert.deepEqual(rules([writeExtendedKeyUsage(['clientAuth', 'serverAuth'])]), []);
  });

  it('that are unknown are refused when critical, and otherwise left out and reported', () => {
    assert.match(rules([unknown(true)]).join(), /^requested-extension: the requested extension 1\.2\.3\.4 is critical/);
    assert.deepEqual(rules([unknown(false)]), []);
    assert.deepEqual(outcomeOf({ subject: [], extensions: [unknown(false)] }, planOf(profile)), {
      result: 'grantedWithMods',
      modifications: [{ kind: 'left-out', what: '1.2.3.4' }],
    });
  });

  it('may have a key identifier, which is ignored', () => {
    const own = writeSubjectKeyIdentifier(new Uint8Array(20));
    assert.deepEqual(rules([own]), []);
    assert.equal(outcomeOf({ subject: [], extensions: [own] }, planOf(profile)).result, 'accepted');
  });

  it('name no alternative name that is not one of the holder', () => {
    assert.equal(holder.kind, 'server');
    const san = writeSubjectAltName([
      { kind: 'dNSName', value: 'LPS.example.org' },
      { kind: 'dNSName', value: 'bank.example' },
    ]);
    assert.match(rules([san]).join(), /^requested-alternative-name: .*bank\.example/);
    const person = profileOf('fort/cps-authentication');
    const upn = writeSubjectAltName([{ kind: 'userPrincipalName', value: '899999999999@carte-cps.fr' }]);
    assert.match(rules([upn], person).join(), /^requested-alternative-name/);
  });

  it('report alternative names that were added', () => {
    const asked = { subject: [], extensions: [writeSubjectAltName([{ kind: 'dNSName', value: 'lps.example.org' }])] };
    assert.deepEqual(outcomeOf(asked, planOf(profile)).modifications, [{ kind: 'added', what: 'subjectAltName' }]);
  });

  it('leave a DNS name out of a certificate for mail, whose server has it', () => {
    const mail = profileOf('elementaire/serv-smime');
    const san = writeSubjectAltName([
      { kind: 'rfc822Name', value: 'contact@mail.example.org' },
      { kind: 'rfc822Name', value: 'a.b+c@urgences.mail.example.org' },
      { kind: 'dNSName', value: 'mail.example.org' },
    ]);
    assert.deepEqual(rules([san], mail), []);
    assert.deepEqual(outcomeOf({ subject: [], extensions: [san] }, planOf(mail)).modifications, [
      { kind: 'left-out', what: 'subjectAltName' },
    ]);
  });

  it('that are malformed are refused by name', () => {
    for (const type of [OID.subjectAltName, OID.basicConstraints, OID.gipCardId, OID.certificatePolicies]) {
      const extensions = [{ oid: type, critical: false, value: octetString(new Uint8Array(1)) }];
      const found = refusals(ask(complete(profile, 'record'), profile, { subject: [], extensions }));
      assert.match(found.join(), /^requested-extension: .* is not in DER/, type);
    }
  });
});
