/** FreshestCRL (RFC 5280 4.2.1.15 in certificates, 5.2.6 in CRLs). */
import type { DerFailure } from '../../asn1/der-reader.js';
import { OID } from '../../asn1/oids.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';
import { encodeDistributionPoints, readDistributionPoints } from './distribution-points.js';

/** Not critical; URIs in the order given. */
export function writeFreshestCrl(uris: readonly string[]): Extension {
  return { oid: OID.freshestCrl, critical: false, value: encodeDistributionPoints(uris) };
}

export function readFreshestCrl(value: Bytes): Result<readonly string[], DerFailure> {
  return readDistributionPoints(value, 'freshestCRL');
}
