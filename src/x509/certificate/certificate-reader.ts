/**
 * Reads certificates with the strict DER reader. Structure and DER must conform to RFC 5280 4.1;
 * what the values mean is checked by the lint. Unique identifiers (4.1.2.8) are rejected, because
 * conforming CAs do not write them.
 */
import {
  bitStringOctets,
  contextTag,
  type DerElement,
  type DerFailure,
  explicit,
  integerOctets,
  malformed,
  objectIdentifier,
  parseDer,
  sequence,
  smallInteger,
  TAG,
  time,
} from '../../asn1/der-reader.js';
import { type Bytes, toHex } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import { readPublicKeyParts } from '../keys/public-key.js';
import type { CertificateView, Extension, TbsView } from '../model.js';
import { readExtensions } from './extension-reader.js';
import { readIssuerName, readName } from './name-reader.js';

/** `der` is a whole TBSCertificate. */
export function readTbs(der: Bytes): Result<TbsView, DerFailure> {
  return parseDer(der, tbsOf);
}

/**
 * `der` is a whole Certificate. Whether both AlgorithmIdentifiers are equal is checked by the lint.
 */
export function readCertificate(der: Bytes): Result<CertificateView, DerFailure> {
  return parseDer(der, (root) => {
    const fields = sequence(root, 'certificate');
    const tbs = tbsOf(fields.next(TAG.sequence, 'tbsCertificate'));
    const signatureAlgorithmDer = algorithmOf(fields.next(TAG.sequence, 'signatureAlgorithm'));
    const signature = bitStringOctets(fields.next(TAG.bitString, 'signatureValue'), 'signatureValue');
    fields.end();
    return { der: root.whole, tbs, signatureAlgorithmDer, signature };
  });
}

/**
 * The extension with this object identifier. The reader has rejected certificates that have one
 * twice.
 */
export function extensionOf(view: { readonly extensions: readonly Extension[] }, oid: string): Extension | null {
  return view.extensions.find((extension) => extension.oid === oid) ?? null;
}

function tbsOf(element: DerElement): TbsView {
  const fields = sequence(element, 'tbsCertificate');
  const version = versionOf(fields.optional(contextTag(0, 'constructed')));
  const serialOctets = integerOctets(fields.next(TAG.integer, 'serialNumber'), 'serialNumber');
  const signatureAlgorithmDer = algorithmOf(fields.next(TAG.sequence, 'signature'));
  const issuer = fields.next(TAG.sequence, 'issuer');
  const validity = sequence(fields.next(TAG.sequence, 'validity'), 'validity');
  const notBefore = time(validity.any('notBefore'), 'notBefore');
  const notAfter = time(validity.any('notAfter'), 'notAfter');
  validity.end();
  const subject = fields.next(TAG.sequence, 'subject');
  const spki = fields.next(TAG.sequence, 'subjectPublicKeyInfo');
  readPublicKeyParts(spki);
  const wrapped = fields.optional(contextTag(3, 'constructed'));
  if (wrapped !== null && version !== 3) malformed(wrapped, 'extensions: in version 3 only');
  fields.end();
  return {
    der: element.whole,
    version,
    serialOctets,
    serial: toHex(serialOctets[0] === 0 && serialOctets.length > 1 ? serialOctets.subarray(1) : serialOctets),
    signatureAlgorithmDer,
    issuerDer: issuer.whole,
    issuer: readIssuerName(issuer),
    notBefore,
    notAfter,
    subjectDer: subject.whole,
    subject: readName(subject),
    spki: spki.whole,
    extensions: wrapped === null ? [] : readExtensions(explicit(wrapped, 'extensions'), 'extensions'),
  };
}

function versionOf(wrapped: DerElement | null): 1 | 2 | 3 {
  if (wrapped === null) return 1;
  switch (smallInteger(explicit(wrapped, 'version'), 'version')) {
    case 0:
      return malformed(wrapped, 'version: DEFAULT v1 is not written (X.690 11.5)');
    case 1:
      return 2;
    case 2:
      return 3;
    default:
      return malformed(wrapped, 'version: not 1, 2 or 3');
  }
}

/** The whole AlgorithmIdentifier, after a check of its structure. */
function algorithmOf(element: DerElement): Bytes {
  const fields = sequence(element, 'algorithmIdentifier');
  objectIdentifier(fields.next(TAG.oid, 'algorithm'), 'algorithm');
  if (fields.more()) fields.any('parameters');
  fields.end();
  return element.whole;
}
