/**
 * The extensions of certificates in words. Without it, an officer could read that a certificate
 * says something else than it does.
 */
import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import { EXTENSION_WORDS, KEY_USAGE_WORDS } from '../../../src/console/pages/certificate/extension-words.js';
import { explainExtensions } from '../../../src/console/pages/certificate/extensions.js';
import { fromHex } from '../../../src/kernel/bytes.js';
import { isKnownExtension } from '../../../src/lint/reading/decoded-extensions.js';
import type { CodeList } from '../../../src/policy/model.js';

const PROFESSIONS: CodeList = { id: 'list', date: '2025-03-28', codes: [{ code: '10', label: 'Médecin' }] };
const extension = (oid: string, hex: string) => ({ oid, critical: false, value: fromHex(hex) ?? new Uint8Array() });
const textsOf = (oid: string, hex: string) =>
  explainExtensions([extension(oid, hex)], PROFESSIONS)[0]?.values.map(({ label, text }) => label?.en ?? text);

describe('an extension in words', () => {
  it('has words for each one that the lint can decode, and for each bit of key usage', () => {
    for (const name of Object.keys(EXTENSION_WORDS) as (keyof typeof EXTENSION_WORDS)[])
      assert.ok(isKnownExtension(OID[name]), name);
    assert.equal(KEY_USAGE_WORDS.length, 9);
  });

  it('says the bits of key usage, the purposes and whether it is a CA', () => {
    assert.deepEqual(textsOf(OID.keyUsage, '030206c0'), [
      'Digital signature, such as authentication',
      'Signature that commits (non-repudiation)',
    ]);
    assert.deepEqual(textsOf(OID.extKeyUsage, '300a06082b06010505070302'), ['Client authentication (TLS)']);
    assert.deepEqual(textsOf(OID.basicConstraints, '3000'), ['It is no CA: it issues nothing.']);
    assert.deepEqual(textsOf(OID.basicConstraints, '30060101ff020100'), ['It is a CA.', 'CAs below it, at most']);
  });

  it('names the profession of a code, and shows a code that has no name', () => {
    assert.deepEqual(textsOf(OID.gipProfessionCode, '02010a'), ['Médecin']);
    const [unknown] = explainExtensions([extension(OID.gipProfessionCode, '02010b')], PROFESSIONS);
    assert.deepEqual(unknown?.values, [{ label: null, text: '11' }]);
  });

  it('shows what cannot be read, and what is not known, as octets', () => {
    assert.deepEqual(textsOf(OID.keyUsage, '0500'), ['Content that cannot be read', 'Octets']);
    const [unknown] = explainExtensions([extension('1.2.3.4', '0500')], PROFESSIONS);
    assert.deepEqual([unknown?.name.en, unknown?.meaning, unknown?.values[0]?.text], ['1.2.3.4', null, '0500']);
  });
});
