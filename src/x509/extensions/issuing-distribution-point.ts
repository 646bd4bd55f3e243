/** IssuingDistributionPoint (RFC 5280 5.2.5): which of the issuer's certificates a CRL covers. */
import { contextConstructed, contextPrimitive, ia5Content, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Extension } from '../model.js';

/** Indirect CRLs and CRLs for some reasons only are neither written nor read here. */
type IssuingDistributionPoint = {
  /**
   * A distribution point that the certificates name; null when the CRL is restricted by the kind of
   * certificate alone.
   */
  readonly uri: string | null;
  readonly only: 'user-certificates' | 'ca-certificates' | null;
};

/** Critical; at least one of the two. */
export function writeIssuingDistributionPoint({ uri, only }: IssuingDistributionPoint): Extension {
  assert(uri !== null || only !== null, 'a part of the certificates');
  const name = uri === null ? [] : [contextConstructed(0, contextConstructed(0, contextPrimitive(6, ia5Content(uri))))];
  const kind = only === null ? [] : [contextPrimitive(only === 'user-certificates' ? 1 : 2, Uint8Array.of(0xff))];
  return { oid: OID.issuingDistributionPoint, critical: true, value: seq(...name, ...kind) };
}
