/** Several certificates in one file. */
import {
  children,
  contextTag,
  type DerFailure,
  expectTag,
  explicit as explicitContent,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  TAG,
} from '../../asn1/der-reader.js';
import { contextConstructed, explicit, integer, oid, seq, setOf } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import { type Bytes, compareBytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';

/**
 * A CMS SignedData without content and signers that carries certificates (RFC 5652 section 5, RFC
 * 8551 3.2.2): a `.p7b` file. CertificateSet is a SET OF, so that the certificates are in the order
 * of their encodings. It is written by hand, because each answer of EST is one: a library that
 * reads the certificates first takes as long as the rest of an issuance.
 */
export function certsOnlyMessage(certificates: readonly Bytes[]): Bytes {
  assert(certificates.length > 0, 'a certificate');
  const none = setOf([]);
  const sorted = [...certificates].sort(compareBytes);
  const signed = seq(integer(1), none, seq(oid(OID.cmsData)), contextConstructed(0, ...sorted), none);
  return seq(oid(OID.cmsSignedData), explicit(0, signed));
}

/**
 * The certificates of such a message, DER, in the order of the message. The certificates are not
 * read, and CRLs and signers are skipped.
 */
export function readCertsOnly(message: Bytes): Result<readonly Bytes[], DerFailure> {
  return parseDer(message, (root) => {
    const info = sequence(root, 'contentInfo');
    const type = info.next(TAG.oid, 'contentType');
    if (objectIdentifier(type, 'contentType') !== OID.cmsSignedData) malformed(type, 'contentType: not SignedData');
    const content = explicitContent(info.next(contextTag(0, 'constructed'), 'content'), 'content');
    info.end();
    const signed = sequence(content, 'signedData');
    signed.next(TAG.integer, 'version');
    signed.next(TAG.set, 'digestAlgorithms');
    signed.next(TAG.sequence, 'encapContentInfo');
    const certificates = signed.optional(contextTag(0, 'constructed'));
    signed.optional(contextTag(1, 'constructed'));
    signed.next(TAG.set, 'signerInfos');
    signed.end();
    const found = certificates === null ? [] : children(certificates);
    return found.map((one) => new Uint8Array(expectTag(one, TAG.sequence, 'certificate').whole));
  });
}
