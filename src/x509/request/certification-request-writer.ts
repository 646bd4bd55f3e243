/**
 * PKCS#10 (RFC 2986) for a key that another process holds: the part to be signed, and the whole
 * around the signature.
 */
import { bitString, contextConstructed, integer, seq } from '../../asn1/der-writer.js';
import type { Bytes } from '../../kernel/bytes.js';
import { encodeName } from '../certificate/name-writer.js';
import { algorithmIdentifierDer } from '../keys/algorithms.js';
import type { Name, SignatureAlgorithm } from '../model.js';

/**
 * CertificationRequestInfo without attributes. RFC 2986 4.1 requires the empty set to be written.
 */
export function encodeRequestInfo({ subject, spki }: { readonly subject: Name; readonly spki: Bytes }): Bytes {
  return seq(integer(0), encodeName(subject), spki, contextConstructed(0));
}

export function assembleRequest(info: Bytes, algorithm: SignatureAlgorithm, signature: Bytes): Bytes {
  return seq(info, algorithmIdentifierDer(algorithm), bitString(signature));
}
