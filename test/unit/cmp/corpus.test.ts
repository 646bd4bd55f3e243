/**
 * A public corpus of CMP messages, which neither we nor our judges make. If the codec read one
 * differently, clients that exist today could not be served.
 */
import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import { decodeMessage } from '../../../src/cmp/message.js';
import type { BodyKind } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { readCorpus } from '../../support/cmp/corpus.js';
import { encodedAgain } from '../../support/cmp/messages.js';

type ReadFields = { readonly kind: BodyKind; readonly protection: string | null; readonly certificates: number };

const PASSWORD_BASED_MAC = '1.2.840.113533.7.66.13';

/** What is read in each message; a text where it is refused. */
const EXPECTED: Readonly<Record<string, ReadFields | string>> = {
  'cr-mac.der': { kind: 'cr', protection: PASSWORD_BASED_MAC, certificates: 0 },
  'genm-ed25519.der': { kind: 'genm', protection: OID.ed25519, certificates: 0 },
  'ip-mac.der': { kind: 'ip', protection: PASSWORD_BASED_MAC, certificates: 1 },
  'ip-protection-removed.der': { kind: 'ip', protection: null, certificates: 0 },
  'ip-waiting-mac.der': { kind: 'ip', protection: PASSWORD_BASED_MAC, certificates: 0 },
  'ir-2-extra-certs.der': { kind: 'ir', protection: OID.sha256WithRsaEncryption, certificates: 2 },
  'ir-no-extra-cert-2.der': 'The message is malformed at octet 966: extraCerts: empty.',
  'ir-no-extra-cert.der': 'The message is malformed at octet 968: extraCerts: empty.',
  'ir-signed.der': { kind: 'ir', protection: OID.sha256WithRsaEncryption, certificates: 0 },
  'ir-unprotected.der': { kind: 'ir', protection: null, certificates: 0 },
};

describe('a public corpus of CMP messages', () => {
  const corpus = readCorpus();

  it('has the messages of the table', () => {
    assert.deepEqual([...corpus.keys()].sort(), Object.keys(EXPECTED).sort());
  });

  for (const [name, expected] of Object.entries(EXPECTED))
    it(`${name}: ${typeof expected === 'string' ? 'is refused' : 'is read, and encoded again octet by octet'}`, () => {
      const octets = present(corpus.get(name), name);
      const read = decodeMessage(octets);
      if (typeof expected === 'string') {
        assert.ok(!read.ok);
        assert.deepEqual([read.error.failInfo, read.error.text], ['badDataFormat', [expected]]);
        return;
      }
      assert.ok(read.ok, JSON.stringify(read));
      const { bodyKind, header, extraCerts } = read.value;
      const protection = header.protectionAlg?.oid ?? null;
      assert.deepEqual({ kind: bodyKind, protection, certificates: extraCerts.length }, expected);
      assert.equal(toHex(encodedAgain(read.value)), toHex(octets));
    });
});
