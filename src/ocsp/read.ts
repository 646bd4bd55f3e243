/**
 * Reads the structure of an OCSP response (RFC 6960 4.2.1) with the strict reader; the lint checks
 * the content.
 */
import {
  bitStringOctets,
  contextTag,
  type DerElement,
  type DerFailure,
  explicit,
  malformed,
  objectIdentifier,
  octetString,
  parseDer,
  sequence,
  sequenceOf,
  smallInteger,
  TAG,
} from '../asn1/der-reader.js';
import { OID } from '../asn1/oids.js';
import type { Bytes } from '../kernel/bytes.js';
import type { Result } from '../kernel/result.js';

/** The status `successful` (0) has a signed response; the error statuses have none. */
type OcspResponseView =
  | { readonly status: Exclude<number, 0>; readonly basic: null }
  | { readonly status: 0; readonly basic: BasicResponseView };

export type BasicResponseView = {
  /** The complete ResponseData element, which is what was signed. */
  readonly responseData: Bytes;
  /** The complete AlgorithmIdentifier element. */
  readonly signatureAlgorithmDer: Bytes;
  readonly signature: Bytes;
  /** The complete Certificate elements, DER. */
  readonly certificates: readonly Bytes[];
};

export function readOcspResponse(der: Bytes): Result<OcspResponseView, DerFailure> {
  return parseDer(der, (root): OcspResponseView => {
    const fields = sequence(root, 'OCSPResponse');
    const status = smallInteger(fields.next(TAG.enumerated, 'responseStatus'), 'responseStatus', TAG.enumerated);
    const tagged = fields.optional(contextTag(0, 'constructed'));
    fields.end();
    if (status !== 0)
      return tagged === null ? { status, basic: null } : malformed(tagged, 'responseBytes: present in an error');
    if (tagged === null) return malformed(root, 'responseBytes: absent');
    return { status: 0, basic: readBasic(octetsOfBasic(explicit(tagged, 'responseBytes'))) };
  });
}

function octetsOfBasic(element: DerElement): Bytes {
  const fields = sequence(element, 'ResponseBytes');
  const type = fields.next(TAG.oid, 'responseType');
  if (objectIdentifier(type, 'responseType') !== OID.ocspBasic) malformed(type, 'responseType: not id-pkix-ocsp-basic');
  const octets = octetString(fields.next(TAG.octetString, 'response'), 'response');
  fields.end();
  return octets;
}

/** Reads a BasicOCSPResponse. Throws `Malformed`, which the surrounding `parseDer` catches. */
function readBasic(der: Bytes): BasicResponseView {
  const parsed = parseDer(der, (root) => {
    const fields = sequence(root, 'BasicOCSPResponse');
    const responseData = fields.next(TAG.sequence, 'tbsResponseData').whole;
    const signatureAlgorithmDer = fields.next(TAG.sequence, 'signatureAlgorithm').whole;
    const signature = bitStringOctets(fields.next(TAG.bitString, 'signature'), 'signature');
    const certs = fields.optional(contextTag(0, 'constructed'));
    fields.end();
    const list = certs === null ? [] : sequenceOf(explicit(certs, 'certs'), 'certs');
    return { responseData, signatureAlgorithmDer, signature, certificates: list.map(({ whole }) => whole) };
  });
  return parsed.ok ? parsed.value : malformed(parsed.error, parsed.error.rule);
}
