/**
 * InvalidityDate of a CRL entry (RFC 5280 5.3.2): the date since which the key is suspected. It may
 * precede the revocation.
 */
import { type DerFailure, parseDer, generalizedTime as readTime } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import type { Result } from '../../kernel/result.js';

export function readInvalidityDate(value: Bytes): Result<Instant, DerFailure> {
  return parseDer(value, (root) => readTime(root, 'invalidityDate'));
}
