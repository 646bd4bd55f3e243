/**
 * Whatever the holder's name, the certificate has exactly the requested characters, or there is no
 * certificate: random holders, as many as `PFCNG_RANDOM_HOLDERS`. The certificates are read by
 * OpenSSL (through node:crypto), and one in ten also by asn1js, which shows types and order.
 * Neither has written them.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
// `toLegacyObject` loads half of this module if nothing has loaded it before, and no later test of
// the process could open a TLS connection (`tls.createSecureContext is not a function`).
import 'node:tls';
import fc from 'fast-check';
import { present } from '../../src/kernel/assert.js';
import type { Bytes } from '../../src/kernel/bytes.js';
import { lintCertificate } from '../../src/lint/certificate/lint.js';
import type { CertificateOrder } from '../../src/policy/model.js';
import { planCertificate } from '../../src/policy/plan/plan.js';
import type { Violation } from '../../src/texts/text.js';
import { assembleCertificate, encodeTbs } from '../../src/x509/certificate/certificate-writer.js';
import { PROFILES } from '../support/service/orders.js';
import { keyTypeFor, NOW, testIssuer, testKey, testPolicy } from '../unit/policy/fixtures.js';
import { expectedName, filled, shownName } from './expected-name.js';
import { asked, type HolderOrder, textsOf } from './holders/holders.js';
import { name, REFUSED } from './holders/texts.js';
import { readCertificateWithAsn1js } from './read-certificate.js';

const HOLDERS = Number(process.env.PFCNG_RANDOM_HOLDERS ?? 1_000);
const SPOILED = Math.ceil(HOLDERS / 3);
const ANYTHING = Math.ceil(HOLDERS / 3);

const policy = testPolicy();
const SERIAL = Buffer.from('5a4b3c2d1e0f10213243546576879801', 'hex');
/** The readers of names do not verify the signature. */
const SIGNATURE = Buffer.from('3006020101020101', 'hex');

type Outcome = { readonly der: Bytes } | { readonly violations: readonly Violation[] };

function certify(order: CertificateOrder): Outcome {
  const profile = present(policy.profiles.get(order.profile), order.profile);
  const issuer = issuerOf(profile.authority);
  const { spki } = testKey(keyTypeFor(order.profile));
  const planned = planCertificate(policy, { order, spki, issuer, now: NOW });
  if (!planned.ok) return { violations: planned.error };
  const { validity, subject, extensions } = planned.value;
  const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
  const tbs = encodeTbs({ serial: SERIAL, signatureAlgorithm, issuerDer, validity, subject, spki, extensions });
  // The lint must accept whatever the policy accepts: a finding would be our fault and a response
  // with status 500.
  const linted = lintCertificate({ tbs, issuer, profile, environment: policy.environment, now: NOW });
  assert.ok(linted.ok, JSON.stringify(linted));
  return { der: assembleCertificate(tbs, signatureAlgorithm, SIGNATURE) };
}

const issuers = new Map<string, ReturnType<typeof testIssuer>>();
function issuerOf(authority: string) {
  const issuer = issuers.get(authority) ?? testIssuer(policy, authority);
  issuers.set(authority, issuer);
  return issuer;
}

/** OpenSSL's short names; `pseudonym` has none. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.6': 'C',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.4': 'SN',
  '2.5.4.3': 'CN',
  '2.5.4.65': 'pseudonym',
};

function assertReads(der: Bytes, { order: { holder }, subject }: HolderOrder, withTypes = true): void {
  if (withTypes) assert.deepEqual(shownName(readCertificateWithAsn1js(der).subject), expectedName(subject, holder));
  const expected = subject.flat().map(({ type, value }) => [OPENSSL_NAMES[type] ?? type, filled(value, holder)]);
  const read = new X509Certificate(der).toLegacyObject().subject;
  assert.deepEqual({ ...read }, Object.fromEntries(expected));
}

/** The order with another text at a JSON pointer. */
function withText(order: CertificateOrder, pointer: string, text: string): CertificateOrder {
  const changed = structuredClone(order) as unknown as Record<string, unknown>;
  const members = pointer.split('/').slice(1);
  const last = members.pop() ?? '';
  const place = members.reduce<Record<string, unknown>>((at, member) => at[member] as Record<string, unknown>, changed);
  place[last] = text;
  return changed as unknown as CertificateOrder;
}

const refusals = (outcome: Outcome): readonly string[] =>
  'der' in outcome ? [] : outcome.violations.map(({ pointer, rule }) => `${pointer} ${rule}`);

describe('any holder', () => {
  it(`of ${HOLDERS} is in the certificate as requested, character by character`, function readAll() {
    let [longest, read] = [0, 0];
    const profiles = new Set<string>();
    fc.assert(
      fc.property(asked, (one) => {
        const { holder, profile } = one.order;
        const outcome = certify(one.order);
        assert.ok('der' in outcome, JSON.stringify([refusals(outcome), holder]));
        assertReads(outcome.der, one, read % 10 === 0);
        read += 1;
        profiles.add(profile);
        for (const { value } of one.subject.flat()) longest = Math.max(longest, [...filled(value, holder)].length);
      }),
      { numRuns: HOLDERS },
    );
    assert.equal(longest, 64, 'names of 64 characters were among them');
    assert.equal(profiles.size, PROFILES.length, 'all profiles were');
  });

  it('with a text that is no name is rejected by the rule for it', function refuseAll() {
    const kinds = Object.entries(REFUSED).flatMap(([rule, texts]) => texts.map((text) => ({ rule, text })));
    const spoiled = fc.tuple(asked, name(40), name(20), fc.constantFrom(...kinds), fc.nat());
    fc.assert(
      fc.property(spoiled, ([{ order }, before, after, { rule, text }, at]) => {
        const pointers = textsOf(order.holder);
        const pointer = pointers[at % pointers.length] ?? '';
        const found = refusals(certify(withText(order, pointer, `${before}${text}${after}`)));
        assert.ok(found.includes(`${pointer} ${rule}`), JSON.stringify([found, pointer, rule]));
      }),
      { numRuns: SPOILED },
    );
  });

  it('with a text of 65 characters is rejected, whatever its length in UTF-16 and UTF-8', () => {
    const long = name(65).filter((text) => [...text].length === 65);
    fc.assert(
      fc.property(asked, long, ({ order }, text) => {
        for (const pointer of textsOf(order.holder))
          assert.deepEqual(refusals(certify(withText(order, pointer, text))), [`${pointer} text-length`]);
      }),
      { numRuns: 300 },
    );
  });

  it('with any text at all is rejected by a rule about texts, or is in the certificate as requested', function readAny() {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 20 }),
    );
    let certified = 0;
    fc.assert(
      fc.property(asked, anything, fc.nat(), ({ order, subject }, text, at) => {
        const pointers = textsOf(order.holder);
        const pointer = pointers[at % pointers.length] ?? '';
        const changed = withText(order, pointer, text);
        const outcome = certify(changed);
        if ('der' in outcome) {
          assertReads(outcome.der, { order: changed, subject });
          certified += 1;
        } else for (const found of refusals(outcome)) assert.ok(found.startsWith(`${pointer} text-`), found);
      }),
      { numRuns: ANYTHING },
    );
    assert.ok(certified > 0);
  });
});
