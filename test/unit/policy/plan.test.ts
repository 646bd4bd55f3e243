import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OID } from '../../../src/asn1/oids.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { formatInstant, type Instant } from '../../../src/kernel/clock.js';
import { luhnHolds } from '../../../src/policy/identifiers/luhn.js';
import type { CertificateOrder, Policy } from '../../../src/policy/model.js';
import { allowedKeyTypes, planCertificate } from '../../../src/policy/plan/plan.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import type { KeyType } from '../../../src/x509/model.js';
import { name } from '../../conformance/holders/texts.js';
import { PROFILES } from '../../support/service/orders.js';
import { keyTypeFor, NOW, orderFor, testIssuer, testKey, testPolicy } from './fixtures.js';

function plan(order: CertificateOrder, given: { policy?: Policy; keyType?: KeyType; now?: Instant } = {}) {
  const { policy = testPolicy(), keyType = keyTypeFor(order.profile), now = NOW } = given;
  const authority = policy.profiles.get(order.profile)?.authority ?? 'aci-fo-pp';
  return planCertificate(policy, { order, spki: testKey(keyType).spki, issuer: testIssuer(policy, authority), now });
}

function planned(order: CertificateOrder, given: Parameters<typeof plan>[1] = {}) {
  const outcome = plan(order, given);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

const hexOf = (extensions: ReturnType<typeof planned>['extensions'], oid: string) => {
  const found = extensions.find((extension) => extension.oid === oid);
  return found === undefined ? undefined : toHex(found.value);
};

describe('a valid order', () => {
  for (const profile of PROFILES)
    it(`of ${profile} becomes a plan`, () => {
      const found = planned(orderFor(profile));
      assert.equal(found.profile.id, profile);
      assert.equal(found.issuer, testPolicy().profiles.get(profile)?.authority);
      assert.deepEqual(
        found.extensions.filter(({ critical }) => critical).map(({ oid }) => oid),
        [OID.keyUsage],
      );
      assert.equal(new Set(found.extensions.map(({ oid }) => oid)).size, found.extensions.length);
      assert.doesNotThrow(() => encodeName(found.subject));
    });

  it('gives three years with both ends included: a second less than to the third anniversary', () => {
    const { notBefore, notAfter } = planned(orderFor('fort/cps-signature')).validity;
    assert.deepEqual([notBefore, notAfter].map(formatInstant), ['2026-03-01T10:00:00Z', '2029-03-01T09:59:59Z']);
  });

  it('identifies the holder', () => {
    const owner = (profile: string) => {
      const { holderId, structureId } = planned(orderFor(profile));
      return [holderId, structureId];
    };
    assert.deepEqual(owner('fort/cps-signature'), ['810002813839', null]);
    assert.deepEqual(owner('standard/cpe-signature'), ['30B0057881/CPET0002', '10B0057881']);
    assert.deepEqual(owner('elementaire/org-auth-cli'), ['10B0057881/INSI-MANU', '10B0057881']);
    assert.deepEqual(owner('elementaire/serv-ssl'), ['lps.example.org', '10B0057881']);
  });

  it('has the private extensions of the sector', () => {
    const { extensions } = planned(orderFor('fort/cps-signature'));
    assert.equal(hexOf(extensions, OID.gipCardType), '020100');
    assert.equal(hexOf(extensions, OID.gipCardCategory), '040180');
    assert.equal(hexOf(extensions, OID.gipProfessionCode), '02013c');
    assert.equal(hexOf(extensions, OID.gipCardId), `1315${Buffer.from('8025000001/2600301752').toString('hex')}`);
    assert.equal(hexOf(planned(orderFor('standard/cpe-authentication')).extensions, OID.gipCardType), '020102');
    assert.equal(hexOf(planned(orderFor('elementaire/serv-ssl')).extensions, OID.gipCardCategory), '040183');
  });

  it('of a server with an EC key has no keyEncipherment, with an RSA key it has', () => {
    const order = orderFor('elementaire/serv-ssl');
    assert.equal(hexOf(planned(order).extensions, OID.keyUsage), '03020780');
    assert.equal(hexOf(planned(order, { keyType: 'rsa-3072' }).extensions, OID.keyUsage), '030205a0');
  });

  it('of a mail server can be encrypted to, whatever the type of its key', () => {
    const order = orderFor('elementaire/serv-smime');
    // digitalSignature, and keyAgreement or keyEncipherment.
    assert.equal(hexOf(planned(order).extensions, OID.keyUsage), '03020388');
    assert.equal(hexOf(planned(order, { keyType: 'rsa-3072' }).extensions, OID.keyUsage), '030205a0');
  });

  it('of a mail server has the domains of its addresses in lower case, and the local parts as requested', () => {
    const order = orderFor('elementaire/serv-smime');
    assert.ok(order.holder.kind === 'server');
    const emails = ['Contact@MAIL.Example.ORG', 'urgences@CHU.mail.example.org'];
    const { extensions } = planned({ ...order, holder: { ...order.holder, emails } });
    const written = Buffer.from(hexOf(extensions, OID.subjectAltName) ?? '', 'hex').toString('latin1');
    assert.match(written, /Contact@mail\.example\.org.*urgences@chu\.mail\.example\.org/s);
  });

  it('of the development server may have localhost and its address', () => {
    const order = orderFor('elementaire/serv-ssl');
    assert.ok(order.holder.kind === 'server');
    const local = { ...order, holder: { ...order.holder, names: ['localhost', '127.0.0.1'] } };
    const { extensions } = planned(local);
    assert.equal(
      hexOf(extensions, OID.subjectAltName),
      `3011${`8209${Buffer.from('localhost').toString('hex')}`}87047f000001`,
    );
  });

  it('of a service card has a pseudonym and no name', () => {
    const order = orderFor('standard/cpe-authentication');
    assert.ok(order.holder.kind === 'staff');
    const { givenName: _, surname: __, ...rest } = order.holder;
    const found = planned({ ...order, holder: { ...rest, pseudonym: 'EMPLOYE000000018' } });
    assert.deepEqual(
      found.subject.map((rdn) => rdn.map(({ type }) => type)),
      [
        [OID.countryName],
        [OID.stateOrProvinceName],
        [OID.organizationName],
        [OID.organizationalUnitName],
        [OID.title],
        [OID.pseudonym],
        [OID.commonName],
      ],
    );
  });
});

describe('allowed key types', () => {
  const profileOf = (policy: Policy, id: string) => {
    const profile = policy.profiles.get(id);
    assert.ok(profile);
    return profile;
  };

  it('are those of the profile and of exceptions that have not expired', () => {
    const exception = {
      keyType: 'rsa-2048',
      profiles: ['fort/cps-signature'],
      reason: 'Cards that are there.',
      approver: 'x',
    };
    const policy = testPolicy({
      environment: { keyExceptions: [{ ...exception, expires: '2026-12-31T23:59:59Z' }] },
    });
    const of = (id: string, now: Instant) => allowedKeyTypes(policy, profileOf(policy, id), now);
    const last = Date.UTC(2026, 11, 31, 23, 59, 59);
    const listed = ['rsa-3072', 'rsa-4096', 'p-256', 'p-384', 'brainpool-p256r1', 'brainpool-p384r1'];
    assert.deepEqual(of('fort/cps-signature', last), ['rsa-2048', ...listed]);
    assert.deepEqual(of('fort/cps-signature', last + 1), listed);
    assert.deepEqual(of('fort/cps-authentication', last), listed);
  });

  it('have RSA-2048 in development until the end of 2028, and no longer', () => {
    const policy = testPolicy();
    const last = Date.UTC(2028, 11, 31, 23, 59, 59);
    for (const id of PROFILES) {
      assert.ok(allowedKeyTypes(policy, profileOf(policy, id), last).includes('rsa-2048'), id);
      assert.ok(!allowedKeyTypes(policy, profileOf(policy, id), last + 1).includes('rsa-2048'), id);
    }
  });
});

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((each) => each.join(''));
const keyed = (length: number) =>
  digits(length - 1).map((body) => {
    const key = [...'0123456789'].find((digit) => luhnHolds(body + digit));
    assert.ok(key !== undefined);
    return body + key;
  });

describe('any valid holder', () => {
  const valuesOf = (subject: ReturnType<typeof planned>['subject'], type: string) =>
    subject.flat().flatMap((attribute) => (attribute.type === type ? [attribute.value] : []));

  it('that is a professional has the subject of the order', () => {
    const policy = testPolicy();
    const holders = fc.record({
      kind: fc.constant('professional' as const),
      idNat: fc.oneof(
        keyed(11).map((rpps) => `8${rpps}`),
        digits(9).map((adeli) => `0${adeli}`),
      ),
      givenName: name(64),
      surname: name(64),
      title: name(64),
      profession: fc.constantFrom('10', '21', '40', '50', '60', '70', '93', '98'),
    });
    fc.assert(
      fc.property(holders, (holder) => {
        const { subject } = planned({ ...orderFor('fort/cps-authentication'), holder }, { policy });
        assert.deepEqual(valuesOf(subject, OID.commonName), [holder.idNat]);
        assert.deepEqual(valuesOf(subject, OID.givenName), [holder.givenName]);
        assert.deepEqual(valuesOf(subject, OID.surname), [holder.surname]);
        assert.deepEqual(valuesOf(subject, OID.title), [holder.title]);
        assert.equal(subject.length, 3);
      }),
      { numRuns: 100 },
    );
  });

  it('that is staff or an organisation has the subject of the order', () => {
    const policy = testPolicy();
    const structures = fc.record({
      number: keyed(14),
      name: name(40),
      department: fc.constantFrom(
        'Paris (75)',
        "Côte-d'Or (21)",
        'Corse-du-Sud (2A)',
        'La Réunion (974)',
        'Val-d’Oise (95)',
      ),
    });
    fc.assert(
      fc.property(structures, name(64), name(64), (of, one, other) => {
        const structure = { id: `3${of.number}`, name: of.name, department: of.department };
        const staff = {
          kind: 'staff' as const,
          idNat: `5${of.number}/A1`,
          givenName: one,
          surname: other,
          title: other,
          structure,
        };
        const person = planned({ ...orderFor('standard/cpe-signature'), holder: staff }, { policy }).subject;
        const application = { kind: 'organisation' as const, application: one, structure };
        const organisation = planned(
          { ...orderFor('elementaire/org-auth-cli'), holder: application },
          { policy },
        ).subject;
        for (const subject of [person, organisation]) {
          assert.deepEqual(valuesOf(subject, OID.organizationName), [structure.name]);
          assert.deepEqual(valuesOf(subject, OID.organizationalUnitName), [structure.id]);
          assert.deepEqual(valuesOf(subject, OID.stateOrProvinceName), [structure.department]);
        }
        assert.deepEqual(valuesOf(person, OID.commonName), [staff.idNat]);
        assert.deepEqual(valuesOf(organisation, OID.commonName), [one]);
      }),
      { numRuns: 100 },
    );
  });
});
