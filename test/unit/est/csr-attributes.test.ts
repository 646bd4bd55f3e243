/**
 * Without these, a client could not read what a request should contain. OpenSSL is the judge of
 * the encoding; Bouncy Castle reads it in `test/conformance/est`.
 */
import assert from 'node:assert/strict';
import { type AttributesRequest, encodeCsrAttributes } from '../../../src/est/csr-attributes.js';
import { present } from '../../../src/kernel/assert.js';
import { type KnownHolder, NOTHING_KNOWN } from '../../../src/policy/enrolment/known-holder.js';
import type { Profile } from '../../../src/policy/model.js';
import { isOwnSigner } from '../../../src/policy/own-signers.js';
import { sampleOrder } from '../../../src/policy/plan/sample-order.js';
import { HOLDER_KEY_TYPES } from '../../../src/x509/model.js';
import { asn1parse } from '../asn1/openssl.js';
import { NOW, testPolicy } from '../policy/fixtures.js';

const policy = testPolicy();

function shown(id: string, wanted: Partial<AttributesRequest> = {}): readonly string[] {
  const profile = present(policy.profiles.get(id), id);
  const { subject, keyTypes } = profile;
  const der = encodeCsrAttributes({ profile, subject, keyTypes, known: NOTHING_KNOWN, ...wanted });
  return asn1parse(der).map((line) => JSON.stringify(line));
}

function assertShows(lines: readonly string[], expected: readonly RegExp[]): void {
  const printed = lines.join('\n');
  let at = 0;
  for (const wanted of expected) {
    const found = printed.slice(at).search(wanted);
    assert.ok(found >= 0, `${wanted} after octet ${at} of\n${printed}`);
    at += found + 1;
  }
}

const TEMPLATE = /1\.2\.840\.113549\.1\.9\.16\.2\.61|certificationRequestInfoTemplate/;
const EXTENSIONS_TEMPLATE = /1\.2\.840\.113549\.1\.9\.16\.2\.62|extensionReqTemplate/;

describe('CsrAttrs', () => {
  it('have a template first, with the subject of the profile: fixed texts, and types without a value', () => {
    const lines = shown('elementaire/org-auth-cli');
    assertShows(lines, [TEMPLATE, /INTEGER/, /countryName/, /FR/, /stateOrProvinceName/, /organizationName/]);
    assertShows(lines, [/organizationalUnitName/, /commonName/, /cont \[ 1 \]/]);
    assert.ok(!lines.some((line) => EXTENSIONS_TEMPLATE.test(line)));
  });

  it('have the values that are known of the caller', () => {
    const structure = { id: '2187512751', name: 'AGENCE', department: 'Paris (75)' };
    const lines = shown('elementaire/org-auth-cli', { known: { holder: { structure }, card: null } });
    assertShows(lines, [/stateOrProvinceName/, /Paris \(75\)/, /organizationName/, /AGENCE/, /2187512751/]);
  });

  it('ask servers for names with an empty dNSName or rfc822Name, and say them where they are known', () => {
    const unknown = shown('elementaire/serv-ssl').join('\n');
    assert.match(unknown, EXTENSIONS_TEMPLATE);
    assert.match(unknown, /30028200/i, 'SEQUENCE { [2] "" }');
    assert.match(shown('elementaire/serv-smime').join('\n'), /30028100/i);
    const known = { holder: { names: ['a.example.org'] }, card: null };
    const lines = shown('elementaire/serv-ssl', { known }).join('\n');
    assert.doesNotMatch(lines, EXTENSIONS_TEMPLATE);
    assert.match(lines, /Extension Request/);
  });

  it('name the key where the profile has one type, RSA by a modulus of its size, and no key otherwise', () => {
    const id = 'elementaire/serv-ssl';
    assertShows(shown(id, { keyTypes: ['p-384'] }), [/cont \[ 0 \]/, /id-ecPublicKey/, /secp384r1/, /cont \[ 1 \]/]);
    const rsa = shown(id, { keyTypes: ['rsa-3072'] });
    assertShows(rsa, [/cont \[ 0 \]/, /rsaEncryption/, /BIT STRING/, /cont \[ 1 \]/, /rsaEncryption/, /"0C00"/]);
    assert.ok(!shown(id).some((line) => /cont \[ 0 \]/.test(line)));
  });

  it('list curves, RSA and signature algorithms for clients that know no template, one parameter an attribute', () => {
    const lines = shown('elementaire/serv-ssl', { keyTypes: ['rsa-3072', 'rsa-4096', 'p-256', 'p-384'] });
    assertShows(lines, [
      /cont \[ 1 \]/,
      /rsaEncryption/,
      /prime256v1/,
      /secp384r1/,
      /sha256WithRSA/,
      /ecdsa-with-SHA256/,
    ]);
    assert.equal(lines.filter((line) => /id-ecPublicKey/.test(line)).length, 2);
  });

  it('can be encoded for every profile of holders, every key type, and a holder that is known or not', () => {
    for (const profile of policy.profiles.values()) if (!isOwnSigner(profile.holder)) tryEach(profile);
  });
});

function tryEach(profile: Profile): void {
  const { holder, card } = sampleOrder(profile, NOW);
  const known: KnownHolder = { holder: { ...holder }, card };
  const forms = [profile.subject, ...(profile.pseudonymSubject === null ? [] : [profile.pseudonymSubject])];
  for (const subject of forms)
    for (const one of [NOTHING_KNOWN, known])
      for (const keyTypes of [...HOLDER_KEY_TYPES.map((type) => [type]), HOLDER_KEY_TYPES])
        assert.ok(encodeCsrAttributes({ profile, subject, keyTypes, known: one }).length > 40, profile.id);
}
