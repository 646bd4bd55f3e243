/** IssuingDistributionPoint (RFC 5280 5.2.5): which of the issuer's certificates a CRL covers. */
import {
  boolean,
  contextTag,
  type DerFailure,
  explicit,
  malformed,
  parseDer,
  sequence,
} from '../../asn1/der-reader.js';
import { contextConstructed, contextPrimitive, ia5Content, seq } from '../../asn1/der-writer.js';
import { OID } from '../../asn1/oids.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { Extension } from '../model.js';
import { readFullName } from './distribution-points.js';

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

export function readIssuingDistributionPoint(value: Bytes): Result<IssuingDistributionPoint, DerFailure> {
  return parseDer(value, (root) => {
    const fields = sequence(root, 'issuingDistributionPoint');
    const name = fields.optional(contextTag(0, 'constructed'));
    const user = fields.optional(contextTag(1, 'primitive'));
    const ca = fields.optional(contextTag(2, 'primitive'));
    fields.end();
    for (const flag of [user, ca]) {
      if (flag !== null && !boolean(flag, 'onlyContains', flag.tag)) malformed(flag, 'DEFAULT FALSE is not written');
    }
    if (user !== null && ca !== null) malformed(ca, 'onlyContainsUserCerts and onlyContainsCACerts at once');
    if (name === null && user === null && ca === null) malformed(root, 'issuingDistributionPoint: empty');
    return {
      uri: name === null ? null : readFullName(explicit(name, 'distributionPoint')),
      only: user !== null ? 'user-certificates' : ca !== null ? 'ca-certificates' : null,
    };
  });
}
