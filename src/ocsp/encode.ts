/** Encodes OCSP responses (RFC 6960 4.2) and plain OCSP requests (4.1) with the DER writer. */
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  enumerated,
  explicit,
  generalizedTime,
  nullValue,
  octetString,
  oid,
  seq,
} from '../asn1/der-writer.js';
import { OID } from '../asn1/oids.js';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { type Instant, toSecond } from '../kernel/clock.js';
import type { RevocationReason } from '../ports/store/statuses.js';
import { reasonNumber } from '../x509/extensions/reason-code.js';
import { algorithmIdentifierDer } from '../x509/keys/algorithms.js';
import type { SignatureAlgorithm } from '../x509/model.js';
import type { CertStatus } from './decide.js';

type SingleResponse = {
  /** The CertID, copied byte for byte from the request. */
  readonly certIdDer: Bytes;
  readonly status: CertStatus;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /**
   * Present for an expired certificate only: the time from which on the CA has kept the statuses of
   * its certificates, even after they expired (RFC 6960 4.4.4).
   */
  readonly archiveCutoff?: Instant;
};

/**
 * Returns the simplest OCSPRequest with these CertIDs, without the name or signature of a client.
 * `preferred`: the algorithm of a responder other than the default one, for which the request asks
 * (RFC 6960 4.4.7).
 */
export function plainRequest(certIdDers: readonly Bytes[], preferred?: SignatureAlgorithm): Bytes {
  const list = seq(...certIdDers.map((certId) => seq(certId)));
  if (preferred === undefined) return seq(seq(list));
  const algorithms = seq(seq(algorithmIdentifierDer(preferred)));
  const extension = seq(oid(OID.ocspPreferredSignatureAlgorithms), octetString(algorithms));
  return seq(seq(list, explicit(2, seq(extension))));
}

export type ResponseContent = {
  readonly responderId:
    | { readonly by: 'key'; readonly keyHash: Bytes }
    | { readonly by: 'name'; readonly subjectDer: Bytes };
  readonly producedAt: Instant;
  readonly responses: readonly SingleResponse[];
  /** The value of the nonce extension of the request, which is repeated byte for byte. */
  readonly nonce: Bytes | null;
};

/**
 * Encodes a ResponseData of version 1 (the default, which is not encoded). Times are truncated to
 * whole seconds.
 */
export function encodeResponseData({ responderId, producedAt, responses, nonce }: ResponseContent): Bytes {
  assert(responses.length > 0, 'a response contains at least one status');
  const extensions = [
    ...(nonce === null ? [] : [seq(oid(OID.ocspNonce), octetString(nonce))]),
    ...(responses.some(({ status }) => status.kind === 'never-issued-revoked')
      ? [seq(oid(OID.ocspExtendedRevoke), octetString(nullValue()))]
      : []),
  ];
  return seq(
    responderId.by === 'key' ? explicit(2, octetString(responderId.keyHash)) : explicit(1, responderId.subjectDer),
    generalizedTime(toSecond(producedAt)),
    seq(...responses.map(encodeSingle)),
    ...(extensions.length === 0 ? [] : [explicit(1, seq(...extensions))]),
  );
}

function encodeSingle({ certIdDer, status, thisUpdate, nextUpdate, archiveCutoff }: SingleResponse): Bytes {
  return seq(
    certIdDer,
    encodeStatus(status),
    generalizedTime(toSecond(thisUpdate)),
    explicit(0, generalizedTime(toSecond(nextUpdate))),
    ...(archiveCutoff === undefined ? [] : [explicit(1, seq(archiveCutoffDer(archiveCutoff)))]),
  );
}

function archiveCutoffDer(at: Instant): Bytes {
  return seq(oid(OID.ocspArchiveCutoff), octetString(generalizedTime(toSecond(at))));
}

function encodeStatus(status: CertStatus): Bytes {
  switch (status.kind) {
    case 'good':
      return contextPrimitive(0, new Uint8Array(0));
    case 'revoked':
      return encodeRevoked(status.at, status.reason);
    case 'never-issued-revoked':
      return encodeRevoked(0, 'certificateHold');
    case 'unknown':
      return contextPrimitive(2, new Uint8Array(0));
  }
}

function encodeRevoked(at: Instant, reason: RevocationReason): Bytes {
  const time = generalizedTime(toSecond(at));
  // As in CRLs, the reason should be absent instead of `unspecified` (RFC 5280 5.3.1).
  if (reason === 'unspecified') return contextConstructed(1, time);
  return contextConstructed(1, time, explicit(0, enumerated(reasonNumber(reason))));
}

/**
 * Encodes an OCSPResponse with the status `successful` and a BasicOCSPResponse (RFC 6960 4.2.1).
 * `certificates`: those that the response includes, DER: usually the responder's alone.
 */
export function assembleOcspResponse(signed: {
  readonly responseData: Bytes;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Bytes;
  readonly certificates: readonly Bytes[];
}): Bytes {
  const basic = seq(
    signed.responseData,
    algorithmIdentifierDer(signed.algorithm),
    bitString(signed.signature),
    ...(signed.certificates.length === 0 ? [] : [explicit(0, seq(...signed.certificates))]),
  );
  return seq(enumerated(0), explicit(0, seq(oid(OID.ocspBasic), octetString(basic))));
}

const ERRORS = { malformedRequest: 1, internalError: 2, tryLater: 3, sigRequired: 5, unauthorized: 6 } as const;
export type OcspError = keyof typeof ERRORS;

/**
 * Encodes an OCSPResponse with only an error status (RFC 6960 4.2.1). It is unsigned, and always
 * has the same bytes.
 */
export function encodeErrorResponse(error: OcspError): Bytes {
  return seq(enumerated(ERRORS[error]));
}
