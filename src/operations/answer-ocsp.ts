/**
 * OCSP answers: from the cache while they are fresh, otherwise read, linted, signed, verified, and kept. Whatever cannot be
 * answered truthfully now is `tryLater`.
 *
 * One message is one signature by one delegated responder, which answers for the CA that named it and for no other (RFC 6960
 * 4.2.2.2). A message that asks about certificates of two CAs, or of one that is not ours, is therefore `unauthorized` as a
 * whole: signing the part that is ours and calling the rest `unknown` would state something about another CA.
 */
import { createHash } from 'node:crypto';
import type { Bytes } from '../kernel/bytes.js';
import { type Instant, toSecond } from '../kernel/clock.js';
import { err, ok, type Result } from '../kernel/result.js';
import { lintOcsp } from '../lint/ocsp-response.js';
import { type CachedAnswer, createOcspCache, requestKey, statusKey } from '../ocsp/cache.js';
import { type CertStatus, decideStatus } from '../ocsp/decide.js';
import { assembleOcspResponse, type OcspError, ocspError, plainRequest, type ResponseContent } from '../ocsp/encode.js';
import { createFlights, type Flight } from '../ocsp/flights.js';
import { createIssuerIndex, type IssuerIndex } from '../ocsp/issuer-index.js';
import { type CertId, type OcspRequest, readOcspRequest } from '../ocsp/request.js';
import type { DelegatedResponder, OcspAuthority } from '../ocsp/responder.js';
import type { Policy } from '../policy/model.js';
import type { IssuerId, Signer } from '../ports/signer.js';
import type { Reads, StatusRecord, StoreFailure } from '../ports/store.js';
import type { Clock, Log } from '../ports/world.js';
import { verifySignature } from '../x509/algorithms.js';
import type { Issuer } from '../x509/model.js';
import { lintFailed } from './lint-failed.js';
import type { World } from './world.js';
import { WRITERS, type Writers } from './writers.js';

/** What it needs of the store: one look-up a certificate. */
export type StatusSource = {
  readonly read: <Value>(
    work: (reads: Pick<Reads, 'status'>) => Promise<Value>,
  ) => Promise<Result<Value, StoreFailure>>;
};

export type OcspWorld = {
  readonly store: StatusSource;
  readonly signer: Pick<Signer, 'ocsp' | 'doubt'>;
  /** The same array as long as nothing changed. */
  readonly authorities: () => readonly OcspAuthority[];
  readonly clock: Clock;
  /**
   * Milliseconds since the database was last known to say all, where others change it too. `good` is told on its word for as long as
   * HTTP caches may tell it (`maxAgeMs`), and no longer.
   */
  readonly staleMs?: () => number;
  readonly answers: Policy['environment']['ocspAnswers'];
  readonly log: Log;
  readonly writers?: Pick<Writers, 'answer'>;
  readonly countFindings?: NonNullable<World['countFindings']>;
  readonly limits?: Partial<OcspLimits>;
};

export type OcspLimits = {
  readonly cacheEntriesMax: number;
  readonly cacheBytesMax: number;
  /** Answers being made at once; beyond it `tryLater`. */
  readonly inFlightMax: number;
  /** Of them, answers to nonces: anybody can ask for any number of these, and none is of use to a second client. */
  readonly inFlightNoncesMax: number;
};

const LIMITS_DEFAULT: OcspLimits = {
  cacheEntriesMax: 100_000,
  cacheBytesMax: 128 * 1024 * 1024,
  inFlightMax: 1_024,
  inFlightNoncesMax: 256,
};

export type OcspAnswer = {
  /** OCSPResponse, DER. */
  readonly bytes: Bytes;
  /** For counting: where it comes from. `kept`: not fresh any more, given out because no new one could be signed. */
  readonly source: 'cache' | 'signed' | 'kept' | OcspError;
  /** For HTTP caches (RFC 9919 6.2); null: not to be kept. */
  readonly cacheable: null | {
    readonly maxAgeMs: number;
    readonly etag: string;
    readonly lastModified: Instant;
    readonly expires: Instant;
  };
};

export type OcspResponder = {
  readonly answer: (requestDer: Bytes) => Promise<OcspAnswer>;
  /** The fresh answer to exactly these octets, without a promise; null: ask `answer`. */
  readonly cached: (requestDer: Bytes) => OcspAnswer | null;
  /** After a commit that changed the status: nothing that was read before is given out from here on. */
  readonly withdraw: (issuer: IssuerId, serial: string) => void;
};

type Asked = {
  readonly request: OcspRequest;
  readonly issuer: Issuer;
  readonly responder: DelegatedResponder;
  /** null with a nonce: such an answer is nobody else's. */
  readonly key: string | null;
};

/** How often an answer is begun again because a status changed under it. */
const ATTEMPTS_MAX = 3;
/** When one does not verify, what made it is replaced, and asked once more; or another token with the key is. */
const SIGNATURES_MAX = 2;

export function createOcspResponder(world: OcspWorld): OcspResponder {
  const limits = { ...LIMITS_DEFAULT, ...world.limits };
  const cache = createOcspCache({ entriesMax: limits.cacheEntriesMax, bytesMax: limits.cacheBytesMax });
  const flights = createFlights();
  const shared = new Map<string, Promise<OcspAnswer>>();
  const indexOf = indexCache(world.authorities);
  let nonces = 0;

  const cached = (requestDer: Bytes): OcspAnswer | null => fresh(requestKey(requestDer));

  const fresh = (key: string): OcspAnswer | null => {
    const now = world.clock();
    const found = cache.fresh(key, now);
    if (found === null || (isStale(world) && [...found.about.values()].includes('good'))) return null;
    return answerFrom(found, { now, source: 'cache', maxAgeMs: world.answers.maxAgeMs });
  };

  const answer = async (requestDer: Bytes): Promise<OcspAnswer> => {
    const hit = cached(requestDer);
    if (hit !== null) return hit;
    const request = readOcspRequest(requestDer);
    if (!request.ok) return errorAnswer('malformedRequest');
    const authority = soleAuthority(indexOf(), request.value.certIds);
    if (authority === null || authority.responder === null) return errorAnswer('unauthorized');
    const { issuer, responder } = authority;
    const { certIds, nonce } = request.value;
    // Names, signatures and extensions that change nothing of the answer would otherwise be as good as a nonce.
    const key = nonce === null ? requestKey(plainRequest(certIds.map(({ der }) => der))) : null;
    const asked = { request: request.value, issuer, responder, key };
    if (key === null) return answerNonce(asked);
    return fresh(key) ?? answerShared(asked, key);
  };

  const answerNonce = async (asked: Asked): Promise<OcspAnswer> => {
    if (nonces >= limits.inFlightNoncesMax) return errorAnswer('tryLater');
    nonces += 1;
    try {
      return await make(asked);
    } finally {
      nonces -= 1;
    }
  };

  const answerShared = (asked: Asked, key: string): Promise<OcspAnswer> => {
    const flying = shared.get(key);
    if (flying !== undefined) return flying;
    const made = make(asked).finally(() => shared.delete(key));
    shared.set(key, made);
    return made;
  };

  const make = async (asked: Asked): Promise<OcspAnswer> => {
    if (flights.count() >= limits.inFlightMax) return errorAnswer('tryLater');
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const flight = flights.begin(aboutOf(asked));
      try {
        const outcome = await makeOnce(asked, flight);
        if (!flight.stale) return release(asked, outcome);
      } finally {
        flights.end(flight);
      }
    }
    return errorAnswer('tryLater');
  };

  const makeOnce = async (asked: Asked, flight: Flight): Promise<Outcome> => {
    const statuses = await readStatuses(world, asked);
    if (!statuses.ok) return statuses;
    asked.request.certIds.forEach((certId, at) => {
      const kind = statuses.value[at]?.kind;
      if (kind === undefined || kind === 'unknown') return;
      const about = aboutCertificate(asked.issuer.id, certId);
      flight.read.set(about, kind);
      // Read as revoked: no `good` from before may come out after this, not even ahead of `withdraw`.
      if (kind === 'good') return;
      cache.withdraw(about, 'good');
      flights.outdate(about, 'good');
    });
    return sign(world, asked, statuses.value);
  };

  /** Nothing waits in here: what is not stale now is in the cache before anything can become stale. */
  const release = (asked: Asked, outcome: Outcome): OcspAnswer => {
    const now = world.clock();
    if (!outcome.ok) return keptAnswer(asked, outcome.error, now);
    const { kept, bytes } = outcome.value;
    if (asked.key === null || kept === null) return { bytes, source: 'signed', cacheable: null };
    cache.put(asked.key, kept);
    return answerFrom(kept, { now, source: 'signed', maxAgeMs: world.answers.maxAgeMs });
  };

  /** While no signature is to be had: what was signed before, if the database still says the same. */
  const keptAnswer = (asked: Asked, failure: Failure, now: Instant): OcspAnswer => {
    const kept = asked.key === null || failure.statuses === null ? null : cache.usable(asked.key, now);
    if (kept === null || !saysTheSame(kept, asked, failure.statuses ?? [])) return errorAnswer(failure.error);
    return answerFrom(kept, { now, source: 'kept', maxAgeMs: world.answers.maxAgeMs });
  };

  return {
    answer,
    cached,
    withdraw: (issuer, serial) => {
      const about = statusKey(issuer, serial);
      cache.withdraw(about, 'all');
      flights.outdate(about, 'all');
    },
  };
}

/** `statuses`: what was read before it failed, when an older answer may stand in; null when none may. */
type Failure = { readonly error: OcspError; readonly statuses: readonly CertStatus[] | null };
type Outcome = Result<{ readonly bytes: Bytes; readonly kept: CachedAnswer | null }, Failure>;

function fail(error: OcspError): Result<never, Failure> {
  return err({ error, statuses: null });
}

function indexCache(authorities: OcspWorld['authorities']): () => IssuerIndex<OcspAuthority> {
  let of: readonly OcspAuthority[] | null = null;
  let index: IssuerIndex<OcspAuthority> = createIssuerIndex<OcspAuthority>([], ({ issuer }) => issuer);
  return () => {
    const now = authorities();
    if (now !== of) {
      index = createIssuerIndex(now, ({ issuer }) => issuer);
      of = now;
    }
    return index;
  };
}

function soleAuthority(index: IssuerIndex<OcspAuthority>, certIds: readonly CertId[]): OcspAuthority | null {
  const [first, ...others] = certIds.map((certId) => index.find(certId));
  return first !== undefined && others.every((other) => other === first) ? first : null;
}

function aboutCertificate(issuer: IssuerId, { serial }: CertId): string {
  return statusKey(issuer, serial ?? 'none');
}

function aboutOf({ request, issuer }: Asked): readonly string[] {
  return [...new Set(request.certIds.map((certId) => aboutCertificate(issuer.id, certId)))];
}

async function readStatuses(
  world: OcspWorld,
  { request, issuer }: Asked,
): Promise<Result<readonly CertStatus[], Failure>> {
  const { store, answers, log } = world;
  const records = await store.read(async (reads) => {
    const found: (StatusRecord | null)[] = [];
    for (const { serial } of request.certIds)
      found.push(serial === null ? null : await reads.status(issuer.id, serial));
    return found;
  });
  if (!records.ok) {
    log.warn('ocsp.status-unavailable', { issuer: issuer.id, detail: records.error.detail });
    return fail('tryLater');
  }
  const statuses: CertStatus[] = [];
  for (const record of records.value) {
    const decision = decideStatus(record, answers.neverIssued);
    // One of them cannot be told: a message has one status.
    if (decision.kind === 'try-later') return fail('tryLater');
    statuses.push(decision);
  }
  // Revoked is told however old: only a hold ends.
  return isStale(world) && statuses.some(({ kind }) => kind === 'good') ? fail('tryLater') : ok(statuses);
}

function isStale({ staleMs, answers }: OcspWorld): boolean {
  return staleMs !== undefined && staleMs() > answers.maxAgeMs;
}

async function sign(world: OcspWorld, asked: Asked, statuses: readonly CertStatus[]): Promise<Outcome> {
  const { issuer, responder } = asked;
  const life = lifeOf(world, asked);
  if (life === null) {
    world.log.error('ocsp.responder-certificate-not-valid', { issuer: issuer.id });
    return err({ error: 'tryLater', statuses });
  }
  const responseData = (world.writers ?? WRITERS).answer(contentOf(asked, statuses, life));
  for (let attempt = 1; attempt <= SIGNATURES_MAX; attempt += 1) {
    const signature = await signOnce(world, asked, responseData);
    if (!signature.ok)
      return signature.error === 'tryLater' ? err({ error: signature.error, statuses }) : fail(signature.error);
    const algorithm = responder.signatureAlgorithm;
    if (verifySignature({ spki: responder.spki, algorithm, data: responseData, signature: signature.value })) {
      const certificates = [responder.certificate];
      const bytes = assembleOcspResponse({ responseData, algorithm, signature: signature.value, certificates });
      return ok({ bytes, kept: keep(bytes, { asked, statuses, life }) });
    }
    world.log.error('ocsp.signature-wrong', { issuer: issuer.id });
    await world.signer.doubt('ocsp', issuer.id, signature.value);
  }
  return err({ error: 'tryLater', statuses });
}

/** Linted each time: what passed is signed once. */
async function signOnce(
  world: OcspWorld,
  { request, issuer, responder }: Asked,
  responseData: Bytes,
): Promise<Result<Bytes, OcspError>> {
  const { signer, answers, log } = world;
  const token = lintOcsp(issuer, responseData, { responder, lifeMsMax: answers.lifeMs });
  if (!token.ok) {
    lintFailed(world, { issuer: issuer.id }, token.error.findings);
    return err('internalError');
  }
  const signature = await signer.ocsp(token.value, ...(request.nonce === null ? [] : (['one'] as const)));
  if (signature.ok) return signature;
  const { kind, detail } = signature.error;
  log.error('ocsp.not-signed', { issuer: issuer.id, kind, detail });
  return err(kind === 'signer-unavailable' ? 'tryLater' : 'internalError');
}

type Life = { readonly thisUpdate: Instant; readonly nextUpdate: Instant };

/** From now for as long as policy says, within the responder certificate's own life; null when that is over. */
function lifeOf({ clock, answers }: OcspWorld, { responder }: Asked): Life | null {
  const thisUpdate = toSecond(clock());
  const nextUpdate = toSecond(Math.min(thisUpdate + answers.lifeMs, responder.notAfter));
  return responder.notBefore <= thisUpdate && nextUpdate > thisUpdate ? { thisUpdate, nextUpdate } : null;
}

function contentOf({ request, responder }: Asked, statuses: readonly CertStatus[], life: Life): ResponseContent {
  return {
    responderId: { by: 'key', keyHash: responder.keyHash },
    producedAt: life.thisUpdate,
    responses: request.certIds.map((certId, at) => ({
      certIdDer: certId.der,
      status: notInTheFuture(statuses[at] ?? { kind: 'unknown' }, life.thisUpdate),
      ...life,
    })),
    nonce: request.nonce,
  };
}

/** After the clock of another node, or a step back of ours: what is revoked is revoked now, not later. */
function notInTheFuture(status: CertStatus, producedAt: Instant): CertStatus {
  return status.kind === 'revoked' ? { ...status, at: Math.min(status.at, producedAt) } : status;
}

/** null: not for keeping. A number that was never issued may be issued the next moment. */
function keep(
  bytes: Bytes,
  { asked, statuses, life }: { readonly asked: Asked; readonly statuses: readonly CertStatus[]; readonly life: Life },
): CachedAnswer | null {
  if (!statuses.every(({ kind }) => kind === 'good' || kind === 'revoked')) return null;
  const about = asked.request.certIds.map(
    (certId, at) => [aboutCertificate(asked.issuer.id, certId), statuses[at]?.kind ?? 'unknown'] as const,
  );
  return {
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('hex')}"`,
    ...life,
    // At half its life it is made anew, so that an outage of the signer as long as the other half is not noticed.
    freshUntil: life.thisUpdate + (life.nextUpdate - life.thisUpdate) / 2,
    about: new Map(about),
  };
}

function saysTheSame(kept: CachedAnswer, { request, issuer }: Asked, statuses: readonly CertStatus[]): boolean {
  return request.certIds.every(
    (certId, at) => kept.about.get(aboutCertificate(issuer.id, certId)) === statuses[at]?.kind,
  );
}

/** Kept by HTTP caches no longer than policy promises a revocation takes to reach them, nor than it is valid. */
function answerFrom(
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

function errorAnswer(error: OcspError): OcspAnswer {
  return { bytes: ocspError(error), source: error, cacheable: null };
}
