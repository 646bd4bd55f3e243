/** Reads statuses in responses, and adds nonces to requests. */
import { randomBytes } from 'node:crypto';
import { explicit, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { checkOcspResponseData } from '../../../src/lint/ocsp/lint.js';
import { readOcspResponse } from '../../../src/ocsp/read.js';
import { readOcspRequest } from '../../../src/ocsp/request.js';

export const ANSWERS = {
  lifeMs: HOUR_MS,
  maxAgeMs: 5 * MINUTE_MS,
  staleMsMax: 20 * MINUTE_MS,
  neverIssued: 'unknown',
} as const;

const NONCE_OCTETS = 32;

/** `good`, `revoked`, `unknown`, or the error status as a number. */
export function statusIn(answer: Bytes): string {
  const read = readOcspResponse(answer);
  if (!read.ok) throw new Error(read.error.rule);
  if (read.value.basic === null) return `error ${read.value.status}`;
  const context = { issuer: null, responder: null, lifeMsMax: Number.MAX_SAFE_INTEGER };
  const checked = checkOcspResponseData(context, read.value.basic.responseData);
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return checked.value.responses.map(({ status }) => status).join();
}

/** The CertIDs of a request, DER. */
export function certIdsIn(question: Bytes): readonly Bytes[] {
  const read = readOcspRequest(question);
  if (!read.ok) throw new Error(read.error.detail);
  return read.value.certIds.map(({ der }) => der);
}

/** Adds a nonce to a request, so that it gets its own answer. */
export function withNonce(question: Bytes): Bytes {
  const nonce = seq(oid(OID.ocspNonce), octetString(octetString(new Uint8Array(randomBytes(NONCE_OCTETS)))));
  return seq(seq(seq(...certIdsIn(question).map((der) => seq(der))), explicit(2, seq(nonce))));
}
