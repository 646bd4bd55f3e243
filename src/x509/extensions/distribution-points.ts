/**
 * The syntax CRLDistributionPoints (RFC 5280 4.2.1.13), which freshestCRL has too: each URI has its
 * own DistributionPoint.
 */
import {
  contextTag,
  type DerElement,
  type DerFailure,
  expectTag,
  explicit,
  fieldsOf,
  malformed,
  parseDer,
  ia5Content as readIa5Content,
  sequence,
  sequenceOf,
} from '../../asn1/der-reader.js';
import { contextConstructed, contextPrimitive, ia5Content, seq } from '../../asn1/der-writer.js';
import { assert } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';

/**
 * DistributionPoint { distributionPoint [0] { fullName [0] { uniformResourceIdentifier [6] } } }.
 */
export function encodeDistributionPoints(uris: readonly string[]): Bytes {
  assert(uris.length > 0, 'a distribution point');
  return seq(
    ...uris.map((uri) => seq(contextConstructed(0, contextConstructed(0, contextPrimitive(6, ia5Content(uri)))))),
  );
}

/**
 * The URIs in the order of the DER. Points with several names, with reasons or with a cRLIssuer are
 * rejected.
 */
export function readDistributionPoints(value: Bytes, what: string): Result<readonly string[], DerFailure> {
  return parseDer(value, (root) => {
    const points = sequenceOf(root, what);
    if (points.length === 0) malformed(root, `${what}: empty`);
    return points.map(readPoint);
  });
}

function readPoint(element: DerElement): string {
  const fields = sequence(element, 'distributionPoint');
  const name = explicit(fields.next(contextTag(0, 'constructed'), 'distributionPoint'), 'distributionPoint');
  fields.end();
  return readFullName(name);
}

/** Reads a fullName with one URI. For use inside `parseDer`. */
function readFullName(name: DerElement): string {
  const names = fieldsOf(expectTag(name, contextTag(0, 'constructed'), 'fullName'), 'fullName');
  const uri = readIa5Content(names.next(contextTag(6, 'primitive'), 'uniformResourceIdentifier'), 'URI');
  names.end();
  return uri;
}
