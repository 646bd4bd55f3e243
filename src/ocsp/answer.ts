/**
 * The parts of an OCSP answer, and what the cache stores of it; `answer-ocsp.ts` makes the answers.
 */
import { type Bytes, toHex } from '../kernel/bytes.js';
import { type Instant, toSecond } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';
import type { Clock } from '../ports/world.js';
import type { Issuer } from '../x509/model.js';
import { type CachedAnswer, certificateKeyOf } from './cache.js';
import type { CertStatus } from './decide.js';
import { type OcspError, ocspError, type ResponseContent } from './encode.js';
import type { CertId, OcspRequest } from './request.js';
import type { DelegatedResponder } from './responder.js';
import { etagOf } from './saved-answers.js';

export type OcspAnswer = {
  /** OCSPResponse, DER. */
  readonly bytes: Bytes;
  /**
   * The source of the answer, for metrics. `stale`: no longer fresh, served while a new answer is
   * made or cannot be made. `without-nonce`: the answer for everybody, to a request with a nonce.
   */
  readonly source: 'cache' | 'signed' | 'stale' | 'without-nonce' | OcspError;
  /**
   * The header values for HTTP caches (RFC 9919 6.2); null: HTTP caches must not store the answer.
   */
  readonly cacheable: null | {
    readonly maxAgeMs: number;
    readonly etag: string;
    readonly lastModified: Instant;
    readonly expires: Instant;
  };
};

export type OcspQuestion = {
  readonly request: OcspRequest;
  readonly issuer: Issuer;
  readonly responder: DelegatedResponder;
  /**
   * Key of the answer in the cache; null: the answer is for this client only, because the request
   * has a nonce or is not in a common form.
   */
  readonly key: string | null;
  /** Key of the answer to this request without its nonce; null: it is not in a common form. */
  readonly keyWithoutNonce: string | null;
};

/**
 * The time from which an answer is signed again, after half of its validity. Relying parties do not
 * notice a signer outage that is shorter than the other half.
 */
export function refreshTimeOf({ thisUpdate, nextUpdate }: AnswerValidity): Instant {
  return thisUpdate + (nextUpdate - thisUpdate) / 2;
}

export function statusKeyOf(issuer: IssuerId, { serial }: CertId): string {
  return certificateKeyOf(issuer, serial ?? 'none');
}

export function requestedStatusKeys({ request, issuer }: OcspQuestion): readonly string[] {
  return [...new Set(request.certIds.map((certId) => statusKeyOf(issuer.id, certId)))];
}

type AnswerValidity = { readonly thisUpdate: Instant; readonly nextUpdate: Instant };

/**
 * The validity of a response: from now, for the period of the policy, but not beyond the validity
 * of the responder's certificate; null: the responder's certificate is expired or not yet valid.
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
      const status = notInTheFuture(statuses[at] ?? { kind: 'unknown' }, life.thisUpdate);
      const hasExpired = 'hasExpired' in status && status.hasExpired === true;
      // The archive cutoff is the start of the CA, because status records are stored from then on
      // (EN 319 411-2 CSS-6.3.10).
      return { certIdDer: certId.der, status, ...life, ...(hasExpired ? { archiveCutoff: issuer.notBefore } : {}) };
    }),
    nonce: request.nonce,
  };
}

/**
 * Limits revocationTime to producedAt. It can be later only if the clock of another node was ahead
 * or ours was set back, and the certificate is revoked already.
 */
function notInTheFuture(status: CertStatus, producedAt: Instant): CertStatus {
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
  given: { readonly asked: OcspQuestion; readonly statuses: readonly CertStatus[]; readonly life: AnswerValidity },
): CachedAnswer | null {
  const { asked, statuses, life } = given;
  if (!isShareable(asked, statuses)) return null;
  const about = asked.request.certIds.map(
    (certId, at) => [statusKeyOf(asked.issuer.id, certId), statuses[at]?.kind ?? 'unknown'] as const,
  );
  return {
    bytes,
    etag: etagOf(bytes),
    signerKeyHash: toHex(asked.responder.keyHash),
    ...life,
    freshUntil: refreshTimeOf(life),
    about: new Map(about),
    statuses: describeStatuses(statuses),
  };
}

/**
 * The text includes time and reason: when a suspension becomes a revocation, the old answer no
 * longer matches.
 */
function describeStatuses(statuses: readonly CertStatus[]): string {
  const described = statuses.map((one) => (one.kind === 'revoked' ? `${one.kind} ${one.at} ${one.reason}` : one.kind));
  return described.join(', ');
}

export function hasSameStatuses(
  cached: CachedAnswer,
  { responder }: Pick<OcspQuestion, 'responder'>,
  statuses: readonly CertStatus[],
): boolean {
  // An earlier process may have signed the cached answer with another key, if the policy named
  // another responder at that time.
  return cached.signerKeyHash === toHex(responder.keyHash) && cached.statuses === describeStatuses(statuses);
}

/**
 * Returns the HTTP answer for a cached one. HTTP caches store it at most until nextUpdate, and at
 * most for `maxAgeMs`, the time within which the policy promises that a revocation reaches relying
 * parties.
 */
export function answerFrom(
  { bytes, etag, thisUpdate, nextUpdate }: CachedAnswer,
  given: { readonly now: Instant; readonly source: OcspAnswer['source']; readonly maxAgeMs: number },
): OcspAnswer {
  const { now, source } = given;
  const maxAgeMs = Math.max(0, Math.min(given.maxAgeMs, nextUpdate - now));
  return { bytes, source, cacheable: { maxAgeMs, etag, lastModified: thisUpdate, expires: now + maxAgeMs } };
}

export function errorAnswer(error: OcspError): OcspAnswer {
  return { bytes: ocspError(error), source: error, cacheable: null };
}
