import { bitString, explicit, integer, seq, time } from '../../asn1/der-writer.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { LIMITS } from '../../kernel/limits.js';
import { algorithmIdentifierDer } from '../keys/algorithms.js';
import type { SignatureAlgorithm, TbsCertificate } from '../model.js';
import { encodeExtensions } from './extension-writer.js';
import { encodeName } from './name-writer.js';

const VERSION_3 = 2;

/**
 * Encodes a TBSCertificate of version 3 (RFC 5280 4.1.2): the bytes that are signed. Issuer and key
 * are copied unchanged.
 */
export function encodeTbs(tbs: TbsCertificate): Bytes {
  const { notBefore, notAfter } = tbs.validity;
  assert(tbs.serial.length > 0 && tbs.serial.length <= LIMITS.serialOctetsMax, 'a serial number of at most 20 octets');
  assert(
    tbs.serial.some((octet) => octet !== 0),
    'a serial number that is not zero',
  );
  assert(notBefore <= notAfter, 'a validity that does not end before it begins');
  const der = seq(
    explicit(0, integer(VERSION_3)),
    integer(tbs.serial),
    algorithmIdentifierDer(tbs.signatureAlgorithm),
    tbs.issuerDer,
    seq(time(notBefore), time(notAfter)),
    encodeName(tbs.subject),
    tbs.spki,
    explicit(3, encodeExtensions(tbs.extensions)),
  );
  assert(der.length <= LIMITS.tbsCertificateBytesMax, 'a to-be-signed certificate within the size limit');
  return der;
}

/**
 * Encodes a Certificate (RFC 5280 4.1) around to-be-signed bytes. `signature` is the content of the
 * BIT STRING.
 */
export function assembleCertificate(tbs: Bytes, algorithm: SignatureAlgorithm, signature: Bytes): Bytes {
  return seq(tbs, algorithmIdentifierDer(algorithm), bitString(signature));
}
