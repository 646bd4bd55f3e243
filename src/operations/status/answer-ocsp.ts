/**
 * OCSP responses: from the cache while they are fresh, otherwise read, linted, signed, verified and
 * cached. Where no correct response is possible now, the response is `tryLater`.
 *
 * One response has one signature by one delegated responder, which is responsible for the CA that
 * named it and for no other (RFC 6960 4.2.2.2). So a request about certificates of two CAs, or of a
 * CA that is not ours, is `unauthorized` as a whole: signing our part and calling the rest
 * `unknown` would be a statement about another CA.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { lintOcsp } from '../../lint/ocsp/lint.js';
import {
  answerFromCached,
  cacheEntryOf,
  errorAnswer,
  isShareable,
  issuerAndSerialOfCertId,
  issuersAndSerialsIn,
  type OcspAnswer,
  type OcspQuestion,
  responseContentOf,
  responseValidity,
} from '../../ocsp/answer.js';
import { type AnswerInProgress, createAnswerTracker } from '../../ocsp/answers-in-progress.js';
import { type CachedAnswer, createOcspCache, issuerAndSerial, requestKey } from '../../ocsp/cache.js';
import { chooseResponder } from '../../ocsp/choose-responder.js';
import { type CertStatus, OUTDATED_BY } from '../../ocsp/decide.js';
import { assembleOcspResponse, type OcspError, plainRequest } from '../../ocsp/encode.js';
import { createCurrentIssuerIndex, type IssuerIndex } from '../../ocsp/issuer-index.js';
import { createOneClientLimit } from '../../ocsp/one-client-limit.js';
import { type CertId, type OcspRequest, readOcspRequest } from '../../ocsp/request.js';
import type { DelegatedResponder, OcspAuthority } from '../../ocsp/responder.js';
import type { SavedAnswer } from '../../ocsp/saved-answers.js';
import { createLimitedLog, createSigningFailureLog, type LogSigningFailure } from '../../ocsp/signing-failures.js';
import type { Policy } from '../../policy/model.js';
import type { IssuerId, Signer } from '../../ports/signer.js';
import type { Clock, Log } from '../../ports/world.js';
import { verifySignatureAsync } from '../../x509/keys/algorithms.js';
import { lintFailed } from '../issuance/lint-failed.js';
import type { World } from '../world.js';
import { WRITERS, type Writers } from '../writers.js';
import { isStale, readStatuses, type SeenChanges, type StatusSource } from './ocsp-statuses.js';
import { lastingAnswer, refreshedAnswer, staleAnswer } from './usable-answers.js';

export type OcspWorld = {
  readonly store: StatusSource;
  readonly signer: Pick<Signer, 'ocsp' | 'reportBadSignature'>;
  /** Returns one array until something changes. */
  readonly authorities: () => readonly OcspAuthority[];
  readonly clock: Clock;
  /**
   * Milliseconds since the database was known to be complete, where others change it too. `good` is
   * answered from it for `staleMsMax` of the policy, and no longer.
   */
  readonly staleMs?: () => number;
  /** Absent: no other process changes the database. */
  readonly changes?: SeenChanges;
  readonly answers: Policy['environment']['ocspAnswers'];
  readonly log: Log;
  readonly writers?: Pick<Writers, 'answer'>;
  readonly countFindings?: NonNullable<World['countFindings']>;
  readonly limits?: Partial<OcspLimits>;
};

type OcspLimits = {
  readonly cacheEntriesMax: number;
  readonly cacheBytesMax: number;
  /** Limit for responses in progress; beyond it the response is `tryLater`. */
  readonly inFlightMax: number;
  /** Their share for responses that are for one client only (`one-client-limit.ts`). */
  readonly oneClientInFlightMax: number;
  /** Limit for responses for one client only in a second. */
  readonly oneClientPerSecondMax: number;
};

const LIMITS_DEFAULT: OcspLimits = {
  cacheEntriesMax: 100_000,
  cacheBytesMax: 128 * 1024 * 1024,
  inFlightMax: 1_024,
  oneClientInFlightMax: 256,
  oneClientPerSecondMax: 500,
};

type AheadOutcome = 'had' | 'agreed' | 'signed' | 'no-room' | 'failed';

export type OcspResponder = {
  readonly answer: (requestDer: Bytes) => Promise<OcspAnswer>;
  /**
   * The fresh response to exactly these bytes, by their `requestKey`, without a promise; null: call
   * `answer`.
   */
  readonly cached: (key: string) => OcspAnswer | null;
  /**
   * Prepares a fresh response before anybody asks: it exists already, an older one agrees with the
   * database, or a new one is signed with the lowest priority. `no-room`: it would displace
   * responses to real requests.
   */
  readonly ahead: (requestDer: Bytes) => Promise<AheadOutcome>;
  /**
   * Called after a commit that changed the status: nothing that was read before it is sent from
   * here on.
   */
  readonly withdraw: (issuer: IssuerId, serial: string) => void;
  /** Called after the database was replaced: everything that was read before may be wrong. */
  readonly forget: () => void;
  /** All cached responses, to be saved for a restart. */
  readonly cachedAnswers: () => readonly SavedAnswer[];
  /**
   * Adds a saved response, which does not count as fresh: it is sent only where the database still
   * agrees with it.
   */
  readonly restore: (answer: SavedAnswer) => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
};

/** Number of attempts, when a status changes while its response is made. */
const ATTEMPTS_MAX = 3;
/**
 * Number of signatures that are tried. After a wrong one, the process that made it is replaced, or
 * another token with the key is asked.
 */
const SIGNATURES_MAX = 2;
/** Prepared responses are added while the cache is filled up to this share. */
const AHEAD_SHARE = 0.9;
/** Limit for responses that are renewed while an older one is sent. */
const REFRESHES_MAX = 16;

export function createOcspResponder(given: OcspWorld): OcspResponder {
  const world = withLimitedLog(given);
  const limits = { ...LIMITS_DEFAULT, ...world.limits };
  const cache = createOcspCache({ entriesMax: limits.cacheEntriesMax, bytesMax: limits.cacheBytesMax });
  const answersInProgress = createAnswerTracker();
  const shared = new Map<string, Promise<OcspAnswer>>();
  const indexOf = createCurrentIssuerIndex(world.authorities, ({ issuer }) => issuer);
  const refreshing = new Set<string>();
  const forOne = createOneClientLimit(limits, world.clock);

  const fresh = (key: string): OcspAnswer | null => {
    const now = world.clock();
    const found = cache.fresh(key, now);
    if (found === null || (isStale(world) && [...found.statusByCertificate.values()].includes('good'))) return null;
    return answerFromCached(found, { now, source: 'cache', maxAgeMs: world.answers.maxAgeMs });
  };

  const answer = async (requestDer: Bytes): Promise<OcspAnswer> => {
    const hit = fresh(requestKey(requestDer));
    if (hit !== null) return hit;
    const asked = readQuestion(requestDer, indexOf(), world.clock());
    if (!asked.ok) return errorAnswer(asked.error);
    const { key } = asked.value;
    if (key === null) return answerOne(asked.value);
    return fresh(key) ?? answerShared({ ...asked.value, key });
  };

  const ahead = async (requestDer: Bytes): Promise<AheadOutcome> => {
    const asked = readQuestion(requestDer, indexOf(), world.clock());
    if (!asked.ok || asked.value.key === null) return 'failed';
    const found = cache.peek(asked.value.key);
    const now = world.clock();
    if (found !== null && found.thisUpdate <= now && now < found.freshUntil) return 'had';
    const { entries, bytes } = cache.size();
    const isFull = entries > AHEAD_SHARE * limits.cacheEntriesMax || bytes > AHEAD_SHARE * limits.cacheBytesMax;
    if (found === null && isFull) return 'no-room';
    const made = await make(asked.value, 'fresh-ahead');
    if (made.source === 'signed') return found !== null && made.bytes === found.bytes ? 'agreed' : 'signed';
    return 'failed';
  };

  const answerOne = async (asked: OcspQuestion): Promise<OcspAnswer> => {
    const made = await forOne(() => make(asked, 'new'));
    if (made !== null) return made;
    const shared = withoutNonce(asked);
    return shared === null ? errorAnswer('tryLater') : sentOnce(fresh(shared.key) ?? (await answerShared(shared)));
  };

  const answerShared = ({ key, ...asked }: SharedQuestion): Promise<OcspAnswer> => {
    const sharedAlready = shared.get(key);
    if (sharedAlready !== undefined) return sharedAlready;
    const made = make({ ...asked, key }, 'stale-allowed').finally(() => shared.delete(key));
    shared.set(key, made);
    return made;
  };

  /** Renews a response in the background. After a failure, the next request starts it again. */
  const refresh = (asked: OcspQuestion, key: string): void => {
    if (refreshing.has(key) || refreshing.size >= REFRESHES_MAX) return;
    refreshing.add(key);
    make(asked, 'new')
      .catch((error: unknown) => world.log.error('ocsp.fault', { detail: String(error) }))
      .finally(() => refreshing.delete(key));
  };

  const make = async (asked: OcspQuestion, wanted: AnswerUse): Promise<OcspAnswer> => {
    if (answersInProgress.count() >= limits.inFlightMax) return errorAnswer('tryLater');
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const attempted = answersInProgress.begin(issuersAndSerialsIn(asked));
      try {
        const outcome = await makeOnce(asked, attempted, wanted);
        if (!attempted.outdated) return release(asked, outcome);
      } finally {
        answersInProgress.end(attempted);
      }
    }
    return errorAnswer('tryLater');
  };

  const makeOnce = async (asked: OcspQuestion, attempted: AnswerInProgress, wanted: AnswerUse): Promise<Outcome> => {
    const read = await readStatuses(world, asked);
    const statuses = read.ok ? read : fail(read.error);
    if (!statuses.ok) return statuses;
    asked.request.certIds.forEach((certId, at) => {
      const kind = statuses.value[at]?.kind;
      if (kind === undefined) return;
      const about = issuerAndSerialOfCertId(asked.issuer.id, certId);
      attempted.statuses.set(about, kind);
      // Nothing from an earlier reading may be sent after this, not even before `withdraw` is
      // called: no `good` for a revoked certificate, and no suspension that has ended.
      for (const other of OUTDATED_BY[kind]) {
        cache.withdraw(about, other);
        answersInProgress.markOutdated(about, other);
      }
    });
    if (asked.key !== null && !isShareable(asked, statuses.value))
      return (await forOne(() => sign(world, asked, { statuses: statuses.value, isLast: true }))) ?? fail('tryLater');
    const young =
      wanted === 'fresh-ahead' ? refreshedAnswer(cache, asked, { statuses: statuses.value, now: world.clock() }) : null;
    if (young !== null) return ok({ bytes: young.bytes, cached: young, isOld: false });
    const old =
      wanted === 'stale-allowed'
        ? lastingAnswer(cache, asked, { statuses: statuses.value, now: world.clock(), lastsMs: world.answers.maxAgeMs })
        : null;
    if (old !== null) return ok({ bytes: old.bytes, cached: old, isOld: true });
    return sign(world, asked, { statuses: statuses.value, isLast: wanted === 'fresh-ahead' });
  };

  /**
   * This function does not await: a response that is not outdated now is in the cache before it can
   * become so.
   */
  const release = (asked: OcspQuestion, outcome: Outcome): OcspAnswer => {
    const now = world.clock();
    if (!outcome.ok) {
      const old = staleAnswer(cache, asked, { statuses: outcome.error.statuses, now });
      if (old === null) return errorAnswer(outcome.error.error);
      return answerFromCached(old, { now, source: 'stale', maxAgeMs: world.answers.maxAgeMs });
    }
    const { cached, bytes, isOld } = outcome.value;
    if (asked.key === null || cached === null) return { bytes, source: 'signed', cacheable: null };
    if (isOld) {
      refresh(asked, asked.key);
      return answerFromCached(cached, { now, source: 'stale', maxAgeMs: world.answers.maxAgeMs });
    }
    cache.put(asked.key, cached);
    return answerFromCached(cached, { now, source: 'signed', maxAgeMs: world.answers.maxAgeMs });
  };

  return {
    answer,
    ahead,
    cached: fresh,
    withdraw: (issuer, serial) => {
      const about = issuerAndSerial(issuer, serial);
      cache.withdraw(about, 'all');
      answersInProgress.markOutdated(about, 'all');
    },
    forget: () => {
      cache.clear();
      answersInProgress.markAllOutdated();
    },
    cachedAnswers: cache.entries,
    restore: ([key, answer]) => {
      if (answer.nextUpdate > world.clock()) cache.put(key, { ...answer, freshUntil: 0 });
    },
    size: cache.size,
  };
}

type SharedQuestion = OcspQuestion & { readonly key: string };

/**
 * The request without its nonce. It is answered instead when too many answers are for one client
 * only, as by a responder that does not support nonces (RFC 9919 3.2.1, ops/decisions/0035). null:
 * no answer to this request is for everybody.
 */
function withoutNonce(asked: OcspQuestion): SharedQuestion | null {
  const { keyWithoutNonce: key, request } = asked;
  return key === null ? null : { ...asked, key, request: { ...request, nonce: null } };
}

/** HTTP caches do not store an answer without the nonce of its request. */
function sentOnce(answer: OcspAnswer): OcspAnswer {
  return answer.cacheable === null ? answer : { ...answer, source: 'without-nonce', cacheable: null };
}

/** Limits the log, because anybody can cause any number of failures. */
function withLimitedLog(world: OcspWorld): OcspSigningWorld {
  return { ...world, log: createLimitedLog(world), logSigningFailure: createSigningFailureLog(world) };
}

function readQuestion(
  requestDer: Bytes,
  index: IssuerIndex<OcspAuthority>,
  now: Instant,
): Result<OcspQuestion, OcspError> {
  const request = readOcspRequest(requestDer);
  if (!request.ok) return err('malformedRequest');
  const authority = soleAuthority(index, request.value.certIds);
  const responder = authority === null ? null : chooseResponder(authority, request.value.preferred, now);
  if (authority === null || responder === null) return err('unauthorized');
  const { issuer } = authority;
  const keyWithoutNonce = keyOf(request.value, responder, authority);
  const key = request.value.nonce === null ? keyWithoutNonce : null;
  return ok({ request: request.value, issuer, responder, key, keyWithoutNonce });
}

type OcspSigningWorld = OcspWorld & { readonly logSigningFailure: LogSigningFailure };
/**
 * `statuses`: the statuses that were read before the failure, if an older response may be sent
 * instead; null: none may.
 */
type Failure = { readonly error: OcspError; readonly statuses: readonly CertStatus[] | null };
/** `isOld`: the response is an older one from the cache. */
type Outcome = Result<
  { readonly bytes: Bytes; readonly cached: CachedAnswer | null; readonly isOld: boolean },
  Failure
>;
/** Clients do not wait for a signature where an older response is as good. */
type AnswerUse = 'stale-allowed' | 'new' | 'fresh-ahead';

function fail(error: OcspError): Result<never, Failure> {
  return err({ error, statuses: null });
}

/**
 * The key of a response that is for everybody; null: it is not. Only a request about one
 * certificate in a common form gets such a response, because the number of these requests is
 * limited by the number of certificates. Names, signatures and extensions of the request that do
 * not change the response are left out of the key. Otherwise each would bypass the cache like a
 * nonce.
 */
function keyOf({ certIds }: OcspRequest, responder: DelegatedResponder, authority: OcspAuthority): string | null {
  const [certId] = certIds;
  if (certId === undefined || certIds.length > 1 || !certId.isCommonForm) return null;
  const algorithm = responder === authority.responder ? undefined : responder.signatureAlgorithm;
  return requestKey(plainRequest([certId.der], algorithm));
}

function soleAuthority(index: IssuerIndex<OcspAuthority>, certIds: readonly CertId[]): OcspAuthority | null {
  const [first, ...others] = certIds.map((certId) => index.find(certId));
  return first !== undefined && others.every((other) => other === first) ? first : null;
}

async function sign(
  world: OcspSigningWorld,
  asked: OcspQuestion,
  { statuses, isLast }: { readonly statuses: readonly CertStatus[]; readonly isLast: boolean },
): Promise<Outcome> {
  const { issuer, responder } = asked;
  const life = responseValidity(world, asked);
  if (life === null) {
    world.log.error('ocsp.responder-certificate-not-valid', { issuer: issuer.id });
    return err({ error: 'tryLater', statuses });
  }
  const responseData = (world.writers ?? WRITERS).answer(responseContentOf(asked, statuses, life));
  for (let attempt = 1; attempt <= SIGNATURES_MAX; attempt += 1) {
    const signature = await signOnce(world, asked, { responseData, isLast });
    if (!signature.ok)
      return signature.error === 'tryLater' ? err({ error: signature.error, statuses }) : fail(signature.error);
    const { spki, signatureAlgorithm: algorithm } = responder;
    if (await verifySignatureAsync({ spki, algorithm, data: responseData, signature: signature.value })) {
      const certificates = [responder.certificate];
      const bytes = assembleOcspResponse({ responseData, algorithm, signature: signature.value, certificates });
      return ok({ bytes, cached: cacheEntryOf(bytes, { question: asked, statuses, validity: life }), isOld: false });
    }
    world.log.error('ocsp.signature-wrong', { issuer: issuer.id });
    await world.signer.reportBadSignature('ocsp', issuer.id, signature.value);
  }
  return err({ error: 'tryLater', statuses });
}

/** The response is linted for each attempt, because a lint token can be used once. */
async function signOnce(
  world: OcspSigningWorld,
  { key, issuer, responder }: OcspQuestion,
  { responseData, isLast }: { readonly responseData: Bytes; readonly isLast: boolean },
): Promise<Result<Bytes, OcspError>> {
  const { signer, answers } = world;
  const token = lintOcsp(issuer, responseData, { responder, lifeMsMax: answers.lifeMs });
  if (!token.ok) {
    lintFailed(world, { issuer: issuer.id }, token.error.findings);
    return err('internalError');
  }
  const signature = await signer.ocsp(token.value, ...(key !== null && !isLast ? [] : (['one'] as const)));
  if (signature.ok) return signature;
  world.logSigningFailure(issuer.id, signature.error);
  return err(signature.error.kind === 'signer-unavailable' ? 'tryLater' : 'internalError');
}
