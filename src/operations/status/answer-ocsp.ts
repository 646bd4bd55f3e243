/**
 * OCSP answers: from the cache while they are fresh, otherwise read, linted, signed, verified, and kept. Whatever cannot be
 * answered truthfully now is `tryLater`.
 *
 * One message is one signature by one delegated responder, which answers for the CA that named it and for no other (RFC 6960
 * 4.2.2.2). A message that asks about certificates of two CAs, or of one that is not ours, is therefore `unauthorized` as a
 * whole: signing the part that is ours and calling the rest `unknown` would state something about another CA.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { lintOcsp } from '../../lint/ocsp/lint.js';
import {
  aboutCertificate,
  aboutOf,
  answerFrom,
  cachedAnswerOf,
  contentOf,
  errorAnswer,
  halfOf,
  isForAll,
  lifeOf,
  type OcspAnswer,
  type OcspQuestion,
  saysTheSame,
} from '../../ocsp/answer.js';
import { type AnswerInProgress, createAnswersInProgress } from '../../ocsp/answers-in-progress.js';
import { type CachedAnswer, createOcspCache, requestKey, statusKey } from '../../ocsp/cache.js';
import { chooseResponder } from '../../ocsp/choose-responder.js';
import type { CertStatus } from '../../ocsp/decide.js';
import { assembleOcspResponse, type OcspError, plainRequest } from '../../ocsp/encode.js';
import { type IssuerIndex, indexOfLatest } from '../../ocsp/issuer-index.js';
import { type CertId, type OcspRequest, readOcspRequest } from '../../ocsp/request.js';
import type { DelegatedResponder, OcspAuthority } from '../../ocsp/responder.js';
import type { SavedAnswer } from '../../ocsp/saved-answers.js';
import { createSigningFailureLog, type LogSigningFailure } from '../../ocsp/signing-failures.js';
import type { Policy } from '../../policy/model.js';
import type { IssuerId, Signer } from '../../ports/signer.js';
import type { Clock, Log } from '../../ports/world.js';
import { verifySignatureAsync } from '../../x509/keys/algorithms.js';
import { lintFailed } from '../issuance/lint-failed.js';
import type { World } from '../world.js';
import { WRITERS, type Writers } from '../writers.js';
import { isStale, readStatuses, type StatusSource } from './ocsp-statuses.js';

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
  /** Of them, answers to nonces, and about numbers that were never issued: anybody can ask for any number of either. */
  readonly inFlightNoncesMax: number;
};

const LIMITS_DEFAULT: OcspLimits = {
  cacheEntriesMax: 100_000,
  cacheBytesMax: 128 * 1024 * 1024,
  inFlightMax: 1_024,
  inFlightNoncesMax: 256,
};

export type AheadOutcome = 'had' | 'agreed' | 'signed' | 'no-room' | 'failed';

export type OcspResponder = {
  readonly answer: (requestDer: Bytes) => Promise<OcspAnswer>;
  /** The fresh answer to exactly these octets, by their `requestKey`, without a promise; null: ask `answer`. */
  readonly cached: (key: string) => OcspAnswer | null;
  /**
   * Sees to it that there is a fresh answer before anybody asks: nothing to do, an older one that the database still agrees with, or a
   * new one, whose signature is made last of all. `no-room`: it would drive out what was asked for.
   */
  readonly ahead: (requestDer: Bytes) => Promise<AheadOutcome>;
  /** After a commit that changed the status: nothing that was read before is given out from here on. */
  readonly withdraw: (issuer: IssuerId, serial: string) => void;
  /** After the database was replaced by another: whatever was read before may not be so. */
  readonly forget: () => void;
  /** All cached answers, to be saved over a restart. */
  readonly cachedAnswers: () => readonly SavedAnswer[];
  /** One from that file: given out only where no new one can be signed and the database says the same. */
  readonly restore: (answer: SavedAnswer) => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
};

/** How often an answer is begun again because a status changed under it. */
const ATTEMPTS_MAX = 3;
/** When one does not verify, what made it is replaced, and asked once more; or another token with the key is. */
const SIGNATURES_MAX = 2;
/** What is made ahead takes no more of the cache than this, with all that is in it. */
const AHEAD_SHARE = 0.9;
/** Answers that are made anew while an older one is given out. */
const REFRESHES_MAX = 16;

export function createOcspResponder(given: OcspWorld): OcspResponder {
  const world: OcspSigningWorld = { ...given, logSigningFailure: createSigningFailureLog(given) };
  const limits = { ...LIMITS_DEFAULT, ...world.limits };
  const cache = createOcspCache({ entriesMax: limits.cacheEntriesMax, bytesMax: limits.cacheBytesMax });
  const answersInProgress = createAnswersInProgress();
  const shared = new Map<string, Promise<OcspAnswer>>();
  const indexOf = indexOfLatest(world.authorities, ({ issuer }) => issuer);
  const refreshing = new Set<string>();
  let forOnes = 0;

  const fresh = (key: string): OcspAnswer | null => {
    const now = world.clock();
    const found = cache.fresh(key, now);
    if (found === null || (isStale(world) && [...found.about.values()].includes('good'))) return null;
    return answerFrom(found, { now, source: 'cache', maxAgeMs: world.answers.maxAgeMs });
  };

  const answer = async (requestDer: Bytes): Promise<OcspAnswer> => {
    const hit = fresh(requestKey(requestDer));
    if (hit !== null) return hit;
    const asked = read(requestDer);
    if (!asked.ok) return errorAnswer(asked.error);
    const { key } = asked.value;
    if (key === null) return answerNonce(asked.value);
    return fresh(key) ?? answerShared(asked.value, key);
  };

  const read = (requestDer: Bytes): Result<OcspQuestion, OcspError> => {
    const request = readOcspRequest(requestDer);
    if (!request.ok) return err('malformedRequest');
    const authority = soleAuthority(indexOf(), request.value.certIds);
    const responder = authority === null ? null : chooseResponder(authority, request.value.preferred, world.clock());
    if (authority === null || responder === null) return err('unauthorized');
    const { issuer } = authority;
    const key = request.value.nonce === null ? keyOf(request.value, responder, authority) : null;
    return ok({ request: request.value, issuer, responder, key });
  };

  const ahead = async (requestDer: Bytes): Promise<AheadOutcome> => {
    const asked = read(requestDer);
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

  /** Of no use to a second client: so many at once, whoever asks. null: one too many. */
  const forOne = async <Made>(work: () => Promise<Made>): Promise<Made | null> => {
    if (forOnes >= limits.inFlightNoncesMax) return null;
    forOnes += 1;
    try {
      return await work();
    } finally {
      forOnes -= 1;
    }
  };

  const answerNonce = async (asked: OcspQuestion): Promise<OcspAnswer> =>
    (await forOne(() => make(asked, 'new'))) ?? errorAnswer('tryLater');

  const answerShared = (asked: OcspQuestion, key: string): Promise<OcspAnswer> => {
    const sharedAlready = shared.get(key);
    if (sharedAlready !== undefined) return sharedAlready;
    const made = make(asked, 'stale-allowed').finally(() => shared.delete(key));
    shared.set(key, made);
    return made;
  };

  /** Nobody waits for it. One that fails is begun again by whoever asks next. */
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
      const attempted = answersInProgress.begin(aboutOf(asked));
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
      if (kind === undefined || kind === 'unknown') return;
      const about = aboutCertificate(asked.issuer.id, certId);
      attempted.read.set(about, kind);
      // Nothing else from before may come out after this, not even ahead of `withdraw`: no `good` of what is revoked, no hold that is over.
      const other = kind === 'good' ? 'revoked' : 'good';
      cache.withdraw(about, other);
      answersInProgress.outdate(about, other);
    });
    if (asked.key !== null && !isForAll(asked, statuses.value))
      return (await forOne(() => sign(world, asked, { statuses: statuses.value, isLast: true }))) ?? fail('tryLater');
    const young = wanted === 'fresh-ahead' ? refreshed(asked, statuses.value) : null;
    if (young !== null) return ok({ bytes: young.bytes, cached: young, isOld: false });
    const old = wanted === 'stale-allowed' ? lasting(asked, statuses.value) : null;
    if (old !== null) return ok({ bytes: old.bytes, cached: old, isOld: true });
    return sign(world, asked, { statuses: statuses.value, isLast: wanted === 'fresh-ahead' });
  };

  /** An older answer that the database still agrees with, and that lasts longer than HTTP caches would keep it. */
  const lasting = ({ key, ...asked }: OcspQuestion, statuses: readonly CertStatus[]): CachedAnswer | null => {
    const now = world.clock();
    const old = key === null ? null : cache.usable(key, now);
    if (old === null || old.thisUpdate > now || old.nextUpdate - now <= world.answers.maxAgeMs) return null;
    return saysTheSame(old, asked, statuses) ? old : null;
  };

  /** Of a former process, in the first half of its life: as good as fresh, now that the database says the same. */
  const refreshed = ({ key, ...asked }: OcspQuestion, statuses: readonly CertStatus[]): CachedAnswer | null => {
    const now = world.clock();
    const old = key === null ? null : cache.peek(key);
    if (old === null || old.thisUpdate > now || halfOf(old) <= now || !saysTheSame(old, asked, statuses)) return null;
    return { ...old, freshUntil: halfOf(old) };
  };

  /** Nothing waits in here: what is not stale now is in the cache before anything can become stale. */
  const release = (asked: OcspQuestion, outcome: Outcome): OcspAnswer => {
    const now = world.clock();
    if (!outcome.ok) return staleAnswer(asked, outcome.error, now);
    const { cached, bytes, isOld } = outcome.value;
    if (asked.key === null || cached === null) return { bytes, source: 'signed', cacheable: null };
    if (isOld) {
      refresh(asked, asked.key);
      return answerFrom(cached, { now, source: 'stale', maxAgeMs: world.answers.maxAgeMs });
    }
    cache.put(asked.key, cached);
    return answerFrom(cached, { now, source: 'signed', maxAgeMs: world.answers.maxAgeMs });
  };

  /** While no signature is to be had: what was signed before, if the database still says the same. */
  const staleAnswer = (asked: OcspQuestion, failure: Failure, now: Instant): OcspAnswer => {
    const cached = asked.key === null || failure.statuses === null ? null : cache.usable(asked.key, now);
    if (cached === null || !saysTheSame(cached, asked, failure.statuses ?? [])) return errorAnswer(failure.error);
    return answerFrom(cached, { now, source: 'stale', maxAgeMs: world.answers.maxAgeMs });
  };

  return {
    answer,
    ahead,
    cached: fresh,
    withdraw: (issuer, serial) => {
      const about = statusKey(issuer, serial);
      cache.withdraw(about, 'all');
      answersInProgress.outdate(about, 'all');
    },
    forget: () => {
      cache.clear();
      answersInProgress.outdateAll();
    },
    cachedAnswers: cache.entries,
    restore: ([key, answer]) => {
      if (answer.nextUpdate > world.clock()) cache.put(key, { ...answer, freshUntil: 0 });
    },
    size: cache.size,
  };
}

type OcspSigningWorld = OcspWorld & { readonly logSigningFailure: LogSigningFailure };
/** `statuses`: what was read before it failed, when an older answer may stand in; null when none may. */
type Failure = { readonly error: OcspError; readonly statuses: readonly CertStatus[] | null };
/** `isOld`: it was kept from before. */
type Outcome = Result<
  { readonly bytes: Bytes; readonly cached: CachedAnswer | null; readonly isOld: boolean },
  Failure
>;
/** Whoever asks waits for no signature where an older answer is as good. */
type AnswerUse = 'stale-allowed' | 'new' | 'fresh-ahead';

function fail(error: OcspError): Result<never, Failure> {
  return err({ error, statuses: null });
}

/** Names, signatures and extensions that change nothing of the answer would otherwise be as good as a nonce. */
function keyOf({ certIds }: OcspRequest, responder: DelegatedResponder, authority: OcspAuthority): string {
  const ders = certIds.map(({ der }) => der);
  return requestKey(
    responder === authority.responder ? plainRequest(ders) : plainRequest(ders, responder.signatureAlgorithm),
  );
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
  const life = lifeOf(world, asked);
  if (life === null) {
    world.log.error('ocsp.responder-certificate-not-valid', { issuer: issuer.id });
    return err({ error: 'tryLater', statuses });
  }
  const responseData = (world.writers ?? WRITERS).answer(contentOf(asked, statuses, life));
  for (let attempt = 1; attempt <= SIGNATURES_MAX; attempt += 1) {
    const signature = await signOnce(world, asked, { responseData, isLast });
    if (!signature.ok)
      return signature.error === 'tryLater' ? err({ error: signature.error, statuses }) : fail(signature.error);
    const { spki, signatureAlgorithm: algorithm } = responder;
    if (await verifySignatureAsync({ spki, algorithm, data: responseData, signature: signature.value })) {
      const certificates = [responder.certificate];
      const bytes = assembleOcspResponse({ responseData, algorithm, signature: signature.value, certificates });
      return ok({ bytes, cached: cachedAnswerOf(bytes, { asked, statuses, life }), isOld: false });
    }
    world.log.error('ocsp.signature-wrong', { issuer: issuer.id });
    await world.signer.doubt('ocsp', issuer.id, signature.value);
  }
  return err({ error: 'tryLater', statuses });
}

/** Linted each time: what passed is signed once. */
async function signOnce(
  world: OcspSigningWorld,
  { request, issuer, responder }: OcspQuestion,
  { responseData, isLast }: { readonly responseData: Bytes; readonly isLast: boolean },
): Promise<Result<Bytes, OcspError>> {
  const { signer, answers } = world;
  const token = lintOcsp(issuer, responseData, { responder, lifeMsMax: answers.lifeMs });
  if (!token.ok) {
    lintFailed(world, { issuer: issuer.id }, token.error.findings);
    return err('internalError');
  }
  const signature = await signer.ocsp(token.value, ...(request.nonce === null && !isLast ? [] : (['one'] as const)));
  if (signature.ok) return signature;
  world.logSigningFailure(issuer.id, signature.error);
  return err(signature.error.kind === 'signer-unavailable' ? 'tryLater' : 'internalError');
}
