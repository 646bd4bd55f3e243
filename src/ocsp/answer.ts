/** What an OCSP answer is made of, and what is remembered of it; `answer-ocsp.ts` makes them. */
import { type Bytes, toHex } from '../kernel/bytes.js';
import { type Instant, toSecond } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';
import type { Clock } from '../ports/world.js';
import type { Issuer } from '../x509/model.js';
import { type CachedAnswer, statusKey } from './cache.js';
import type { CertStatus } from './decide.js';
import { type OcspError, ocspError, type ResponseContent } from './encode.js';
import type { CertId, OcspRequest } from './request.js';
import type { DelegatedResponder } from './responder.js';
import { etagOf } from './saved-answers.js';

export type OcspAnswer = {
  /** OCSPResponse, DER. */
  readonly bytes: Bytes;
  /** For counting: where it comes from. `kept`: not fresh any more, given out while a new one is made or cannot be. */
  readonly source: 'cache' | 'signed' | 'kept' | OcspError;
  /** For HTTP caches (RFC 9919 6.2); null: not to be kept. */
  readonly cacheable: null | {
    readonly maxAgeMs: number;
    readonly etag: string;
    readonly lastModified: Instant;
    readonly expires: Instant;
  };
};

export type Asked = {
  readonly request: OcspRequest;
  readonly issuer: Issuer;
  readonly responder: DelegatedResponder;
  /** null with a nonce: such an answer is nobody else's. */
  readonly key: string | null;
};

/** At half its life an answer is made anew, so that an outage of the signer as long as the other half is not noticed. */
export function halfOf({ thisUpdate, nextUpdate }: Life): Instant {
  return thisUpdate + (nextUpdate - thisUpdate) / 2;
}

export function aboutCertificate(issuer: IssuerId, { serial }: CertId): string {
  return statusKey(issuer, serial ?? 'none');
}

export function aboutOf({ request, issuer }: Asked): readonly string[] {
  return [...new Set(request.certIds.map((certId) => aboutCertificate(issuer.id, certId)))];
}

export type Life = { readonly thisUpdate: Instant; readonly nextUpdate: Instant };

/** From now for as long as policy says, within the responder certificate's own life; null when that is over. */
export function lifeOf(
  { clock, answers }: { readonly clock: Clock; readonly answers: { readonly lifeMs: number } },
  { responder }: Asked,
): Life | null {
  const thisUpdate = toSecond(clock());
  const nextUpdate = toSecond(Math.min(thisUpdate + answers.lifeMs, responder.notAfter));
  return responder.notBefore <= thisUpdate && nextUpdate > thisUpdate ? { thisUpdate, nextUpdate } : null;
}

export function contentOf(
  { request, responder, issuer }: Asked,
  statuses: readonly CertStatus[],
  life: Life,
): ResponseContent {
  return {
    responderId: { by: 'key', keyHash: responder.keyHash },
    producedAt: life.thisUpdate,
    responses: request.certIds.map((certId, at) => {
      const status = notInTheFuture(statuses[at] ?? { kind: 'unknown' }, life.thisUpdate);
      const isOver = 'isOver' in status && status.isOver === true;
      // Records are kept from the beginning of the authority on (EN 319 411-2 CSS-6.3.10).
      return { certIdDer: certId.der, status, ...life, ...(isOver ? { archiveCutoff: issuer.notBefore } : {}) };
    }),
    nonce: request.nonce,
  };
}

/** After the clock of another node, or a step back of ours: what is revoked is revoked now, not later. */
function notInTheFuture(status: CertStatus, producedAt: Instant): CertStatus {
  return status.kind === 'revoked' ? { ...status, at: Math.min(status.at, producedAt) } : status;
}

/**
 * Whether the answer is of use to a second client: a number that was never issued may be issued the next moment, and there are as many of
 * these to ask about as there are nonces.
 */
export function isForAll({ key }: Pick<Asked, 'key'>, statuses: readonly CertStatus[]): boolean {
  return key !== null && statuses.every(({ kind }) => kind === 'good' || kind === 'revoked');
}

/** null: not for keeping. */
export function keep(
  bytes: Bytes,
  { asked, statuses, life }: { readonly asked: Asked; readonly statuses: readonly CertStatus[]; readonly life: Life },
): CachedAnswer | null {
  if (!isForAll(asked, statuses)) return null;
  const about = asked.request.certIds.map(
    (certId, at) => [aboutCertificate(asked.issuer.id, certId), statuses[at]?.kind ?? 'unknown'] as const,
  );
  return {
    bytes,
    etag: etagOf(bytes),
    by: toHex(asked.responder.keyHash),
    ...life,
    freshUntil: halfOf(life),
    about: new Map(about),
    said: saidOf(statuses),
  };
}

/** All that an answer tells of its certificates: a hold that became a revocation for good is another answer. */
function saidOf(statuses: readonly CertStatus[]): string {
  const told = statuses.map((one) => (one.kind === 'revoked' ? `${one.kind} ${one.at} ${one.reason}` : one.kind));
  return told.join(', ');
}

export function saysTheSame(
  { by, said }: CachedAnswer,
  { responder }: Pick<Asked, 'responder'>,
  statuses: readonly CertStatus[],
): boolean {
  // Policy may have named another key since a former process kept it.
  return by === toHex(responder.keyHash) && said === saidOf(statuses);
}

/** Kept by HTTP caches no longer than policy promises a revocation takes to reach them, nor than it is valid. */
export function answerFrom(
  { bytes, etag, thisUpdate, nextUpdate }: CachedAnswer,
  {
    now,
    source,
    maxAgeMs,
  }: { readonly now: Instant; readonly source: OcspAnswer['source']; readonly maxAgeMs: number },
): OcspAnswer {
  const ageMs = Math.max(0, Math.min(maxAgeMs, nextUpdate - now));
  return { bytes, source, cacheable: { maxAgeMs: ageMs, etag, lastModified: thisUpdate, expires: now + ageMs } };
}

export function errorAnswer(error: OcspError): OcspAnswer {
  return { bytes: ocspError(error), source: error, cacheable: null };
}
