/**
 * Makes the content of OCSP responses, their cache entries, and the header values for HTTP caches.
 * `answer-ocsp.ts` reads the statuses, and has the content signed.
 */
import { type Bytes, toHex } from '../kernel/bytes.js';
import { type Instant, toSecond } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';
import type { Clock } from '../ports/world.js';
import type { Issuer } from '../x509/model.js';
import { type CachedAnswer, issuerAndSerial } from './cache.js';
import type { CertStatus } from './decide.js';
import { encodeErrorResponse, type OcspError, type ResponseContent } from './encode.js';
import type { CertId, OcspRequest } from './request.js';
import type { DelegatedResponder } from './responder.js';
import { etagOf } from './saved-answers.js';

export type OcspAnswer = {
  /** OCSPResponse, DER. */
  readonly bytes: Bytes;
  /**
   * The source of the answer, for metrics. `stale`: an answer from the cache that is not fresh; it
   * is sent so that the client does not wait for a signature, or because none can be made.
   * `without-nonce`: the shared answer without a nonce, sent to a request with one.
   */
  readonly source: 'cache' | 'signed' | 'stale' | 'without-nonce' | OcspError;
  /**
   * The header values for HTTP caches (RFC 9919 7.2); null: HTTP caches must not store the answer.
   */
  readonly cacheable: null | {
    readonly maxAgeMs: number;
    readonly etag: string;
    readonly lastModified: Instant;
    readonly expires: Instant;
  };
};

/** A request with what is needed to answer it. */
export type OcspQuestion = {
  readonly request: OcspRequest;
  readonly issuer: Issuer;
  readonly responder: DelegatedResponder;
  /**
   * Key of the answer in the cache; null: the answer is for this client only, because the request
   * has a nonce, is about several certificates, or has a CertID in an unusual form.
   */
  readonly key: string | null;
  /**
   * The `key` that the request would have without a nonce; null: it is about several certificates,
   * or has a CertID in an unusual form.
   */
  readonly keyWithoutNonce: string | null;
};

/**
 * Returns the time from which a request has an answer signed again: after half of its validity. In
 * the other half, the old answer can still be sent if the signer is down.
 */
export function refreshTimeOf({ thisUpdate, nextUpdate }: AnswerValidity): Instant {
  return thisUpdate + (nextUpdate - thisUpdate) / 2;
}

/**
 * Returns `issuerAndSerial` of a requested certificate. `none` stands for a serial number that no
 * certificate can have.
 */
export function issuerAndSerialOfCertId(issuer: IssuerId, { serial }: CertId): string {
  return issuerAndSerial(issuer, serial ?? 'none');
}

export function issuersAndSerialsIn({ request, issuer }: OcspQuestion): readonly string[] {
  return [...new Set(request.certIds.map((certId) => issuerAndSerialOfCertId(issuer.id, certId)))];
}

type AnswerValidity = { readonly thisUpdate: Instant; readonly nextUpdate: Instant };

/**
 * Returns the validity of a response. It begins now and lasts for the period of the policy, but
 * does not go beyond the validity of the responder's certificate; null: the responder's certificate
 * is expired or not yet valid.
 */
export function responseValidity(
  { clock, answers }: { readonly clock: Clock; readonly answers: { readonly lifeMs: number } },
  { responder }: OcspQuestion,
): AnswerValidity | null {
  const thisUpdate = toSecond(clock());
  const nextUpdate = toSecond(Math.min(thisUpdate + answers.lifeMs, responder.notAfter));
  return responder.notBefore <= thisUpdate && nextUpdate > thisUpdate ? { thisUpdate, nextUpdate } : null;
}

export function responseContentOf(
  { request, responder, issuer }: OcspQuestion,
  statuses: readonly CertStatus[],
  life: AnswerValidity,
): ResponseContent {
  return {
    responderId: { by: 'key', keyHash: responder.keyHash },
    producedAt: life.thisUpdate,
    responses: request.certIds.map((certId, at) => {
      const status = limitRevocationTime(statuses[at] ?? { kind: 'unknown' }, life.thisUpdate);
      const hasExpired = 'hasExpired' in status && status.hasExpired === true;
      // The archive cutoff is the start of the CA, because status records are stored from then on
      // (EN 319 411-2 CSS-6.3.10).
      return { certIdDer: certId.der, status, ...life, ...(hasExpired ? { archiveCutoff: issuer.notBefore } : {}) };
    }),
    nonce: request.nonce,
  };
}

/**
 * Limits revocationTime to producedAt. It is later if the clock of the node that revoked the
 * certificate was ahead, or the clock of this node was set back.
 */
function limitRevocationTime(status: CertStatus, producedAt: Instant): CertStatus {
  return status.kind === 'revoked' ? { ...status, at: Math.min(status.at, producedAt) } : status;
}

/**
 * Whether other clients can get the same answer. An answer about a serial number that was never
 * issued is not shared: it may be issued the next moment, and clients could fill the cache with
 * invented serial numbers.
 */
export function isShareable({ key }: Pick<OcspQuestion, 'key'>, statuses: readonly CertStatus[]): boolean {
  return key !== null && statuses.every(({ kind }) => kind === 'good' || kind === 'revoked');
}

/** Makes the cache entry of an answer; null: this answer must not be cached. */
export function cacheEntryOf(
  bytes: Bytes,
  content: {
    readonly question: OcspQuestion;
    readonly statuses: readonly CertStatus[];
    readonly validity: AnswerValidity;
  },
): CachedAnswer | null {
  const { question, statuses, validity } = content;
  if (!isShareable(question, statuses)) return null;
  const statusByCertificate = question.request.certIds.map(
    (certId, at) => [issuerAndSerialOfCertId(question.issuer.id, certId), statuses[at]?.kind ?? 'unknown'] as const,
  );
  return {
    bytes,
    etag: etagOf(bytes),
    signerKeyHash: toHex(question.responder.keyHash),
    ...validity,
    freshUntil: refreshTimeOf(validity),
    statusByCertificate: new Map(statusByCertificate),
    statuses: statusesAsText(statuses),
  };
}

/**
 * Returns the statuses as a text, to be compared. It includes the time and reason of a revocation:
 * when a suspension becomes a revocation, the old answer no longer matches.
 */
function statusesAsText(statuses: readonly CertStatus[]): string {
  const described = statuses.map((one) => (one.kind === 'revoked' ? `${one.kind} ${one.at} ${one.reason}` : one.kind));
  return described.join(', ');
}

/** Whether a cached answer has these statuses and was signed with the key of this responder. */
export function hasSameStatusesAndSigner(
  cached: CachedAnswer,
  { responder }: Pick<OcspQuestion, 'responder'>,
  statuses: readonly CertStatus[],
): boolean {
  // An earlier process may have signed the cached answer with another key, if the policy named
  // another responder at that time.
  return cached.signerKeyHash === toHex(responder.keyHash) && cached.statuses === statusesAsText(statuses);
}

/**
 * Returns a cached answer with the header values for HTTP caches. HTTP caches may store it until
 * nextUpdate, but for `maxAgeMs` at most: their clients may not learn of a revocation before that.
 */
export function answerFromCached(
  { bytes, etag, thisUpdate, nextUpdate }: CachedAnswer,
  delivery: { readonly now: Instant; readonly source: OcspAnswer['source']; readonly maxAgeMs: number },
): OcspAnswer {
  const { now, source } = delivery;
  const maxAgeMs = Math.max(0, Math.min(delivery.maxAgeMs, nextUpdate - now));
  return { bytes, source, cacheable: { maxAgeMs, etag, lastModified: thisUpdate, expires: now + maxAgeMs } };
}

export function errorAnswer(error: OcspError): OcspAnswer {
  return { bytes: encodeErrorResponse(error), source: error, cacheable: null };
}
