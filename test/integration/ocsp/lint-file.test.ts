/**
 * `pfcng lint` of answers and lists that others have signed: beside their authority where it is
 * named, and by themselves where not.
 */
import assert from 'node:assert/strict';
import { createHash, type KeyObject, sign } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { integer, nullValue, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { itemOf, itemsIn, type Kind } from '../../../src/cli/lint/file.js';
import { authoritiesAmong, lintItem } from '../../../src/cli/lint/item.js';
import type { Knowledge } from '../../../src/cli/lint/report.js';
import { assembleCrl, crlHeaderOf, encodeSmallCrl } from '../../../src/crl/encode.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { HOUR_MS } from '../../../src/kernel/duration.js';
import { assembleOcspResponse, encodeErrorResponse, encodeResponseData } from '../../../src/ocsp/encode.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import { createStatusAuthority, type StatusAuthority } from '../../support/status/authority.js';

const AT = Date.parse('2026-03-01T10:00:00Z');
const STRANGERS: Knowledge = { policy: null, own: [], given: [], profile: null };

describe('pfcng lint of files of other CAs', () => {
  let authority: StatusAuthority;
  let known: Knowledge;

  before(function makeIt() {
    authority = createStatusAuthority();
    const items = itemsIn(new Uint8Array(readFileSync(authority.caPem)));
    assert(items.ok);
    known = { ...STRANGERS, given: authoritiesAmong(items.value) };
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));

  async function rulesOf(knowledge: Knowledge, kind: Kind, der: Bytes): Promise<readonly string[]> {
    const { findings, rules } = await lintItem(knowledge, itemOf(kind, der));
    assert.ok(rules > 20);
    return findings.map(({ rule }) => rule);
  }
  function answer(by: {
    readonly spki: Bytes;
    readonly key: KeyObject;
    readonly certificates: readonly Bytes[];
  }): Bytes {
    const { subjectDer, spki } = authority.issuer;
    const hash = (bytes: Bytes) => octetString(new Uint8Array(createHash('sha1').update(bytes).digest()));
    const names = [hash(subjectDer), octetString(subjectKeyIdentifier(spki)), integer(77)];
    const certIdDer = seq(seq(oid(OID.sha1), nullValue()), ...names);
    const responseData = encodeResponseData({
      responderId: { by: 'key', keyHash: subjectKeyIdentifier(by.spki) },
      producedAt: AT,
      responses: [{ certIdDer, status: { kind: 'good' }, thisUpdate: AT, nextUpdate: AT + HOUR_MS }],
      nonce: null,
    });
    const signature = new Uint8Array(sign('sha256', responseData, by.key));
    const { certificates } = by;
    return assembleOcspResponse({ responseData, algorithm: 'ecdsaWithSha256', signature, certificates });
  }
  const delegated = () => {
    const { responder, responderKey: key } = authority;
    return answer({ spki: responder.spki, key, certificates: [responder.certificate] });
  };

  it('accepts a response of a delegated responder, or of the CA itself', async () => {
    assert.deepEqual(await rulesOf(known, 'ocsp-response', delegated()), []);
    const { issuer, caKey: key } = authority;
    assert.deepEqual(await rulesOf(known, 'ocsp-response', answer({ spki: issuer.spki, key, certificates: [] })), []);
  });

  it('detects a response of a foreign responder, or with a signature of another key', async () => {
    assert.deepEqual(await rulesOf(STRANGERS, 'ocsp-response', delegated()), ['e_ocsp_responder_id_is_signer']);
    const { responder, caKey: key } = authority;
    const wrong = answer({ spki: responder.spki, key, certificates: [responder.certificate] });
    assert.deepEqual(await rulesOf(known, 'ocsp-response', wrong), ['e_ocsp_signature_verifies']);
    const { findings } = await lintItem(STRANGERS, itemOf('ocsp-response', encodeErrorResponse('tryLater')));
    assert.deepEqual(findings, []);
  });

  it('checks a CRL of an unknown issuer against the standards', async () => {
    const { issuer, caKey } = authority;
    const header = crlHeaderOf(issuer, { number: 7, thisUpdate: AT, nextUpdate: AT + HOUR_MS });
    const signed = (tbs: Bytes): Bytes => {
      const signature = new Uint8Array(sign('sha256', tbs, caKey));
      const { prefix, suffix } = assembleCrl(tbs.length, issuer.signatureAlgorithm, signature);
      return concat([prefix, tbs, suffix]);
    };
    const over = encodeSmallCrl({ ...header, number: 1, nextUpdate: AT }, []);
    assert.deepEqual(await rulesOf(known, 'crl', signed(encodeSmallCrl(header, []))), []);
    assert.deepEqual(await rulesOf(known, 'crl', signed(over)), ['e_crl_next_update_after_this_update']);
    assert.deepEqual(await rulesOf(STRANGERS, 'crl', signed(over)), [
      'e_crl_next_update_after_this_update',
      'e_crl_issuer_is_subject_of_issuer',
    ]);
  });
});
