/** FreshestCRL (RFC 5280 4.2.1.15 in certificates, 5.2.6 in CRLs). */
import { OID } from '../../asn1/oids.js';
import type { Extension } from '../model.js';
import { encodeDistributionPoints } from './distribution-points.js';

/** Not critical; URIs in the order given. */
export function writeFreshestCrl(uris: readonly string[]): Extension {
  return { oid: OID.freshestCrl, critical: false, value: encodeDistributionPoints(uris) };
}
