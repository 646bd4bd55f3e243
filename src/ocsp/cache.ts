/**
 * Caches answers by the bytes of their requests in the simplest form (`plainRequest`): the
 * certificate ids, and the preferred algorithm if it selects another responder than the default
 * one. Number and size of the answers are limited; the least recently used one is removed first. A
 * change of a certificate's status removes every answer about the certificate at once.
 */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';
import type { CertStatus } from './decide.js';

export type CachedAnswer = {
  readonly bytes: Bytes;
  /** Value of the ETag header field, with its quotes. */
  readonly etag: string;
  /** SHA-1 of the key that signed the response, hex: the responder id in the response. */
  readonly signerKeyHash: string;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /**
   * Until this time the answer is sent without a check. From then until nextUpdate it is sent only
   * if the database agrees with it, and only while a new answer is made or if none can be signed.
   */
  readonly freshUntil: Instant;
  /** The status of each certificate, by `certificateKeyOf`. */
  readonly statusByCertificate: ReadonlyMap<string, CertStatus['kind']>;
  /**
   * All statuses in the order of the request, with times and reasons, as a text. The text is
   * compared with the statuses in the database before a stale answer is sent.
   */
  readonly statuses: string;
};

type OcspCache = {
  /** The cached answer; null: not cached, or not fresh at `now`. */
  readonly fresh: (key: string, now: Instant) => CachedAnswer | null;
  /** The cached answer, fresh or stale; null: not cached, or nextUpdate has passed. */
  readonly usable: (key: string, now: Instant) => CachedAnswer | null;
  /** Reads an answer without counting this as a use. */
  readonly peek: (key: string) => CachedAnswer | null;
  /** Adds an answer, and removes the least recently used ones if the cache is full. */
  readonly put: (key: string, answer: CachedAnswer) => void;
  /** Removes all answers about this certificate, or only those with this status. */
  readonly withdraw: (certificateKey: string, which: 'all' | 'good' | 'revoked') => void;
  readonly clear: () => void;
  /** A copy of the entries: later changes do not affect it. */
  readonly entries: () => readonly (readonly [key: string, answer: CachedAnswer])[];
  readonly size: () => { readonly entries: number; readonly bytes: number };
};

/** The bytes of a request as the key of a map. */
export function requestKey(requestDer: Bytes): string {
  return Buffer.from(requestDer.buffer, requestDer.byteOffset, requestDer.byteLength).toString('latin1');
}

/**
 * Identifies a certificate in the cache, by its issuer and its serial number in the form of the
 * database.
 */
export function certificateKeyOf(issuer: IssuerId, serial: string): string {
  return `${issuer}/${serial}`;
}

/**
 * A generous estimate of the memory that an entry needs besides its key and the bytes of its
 * answer: the index and objects.
 */
const ENTRY_OVERHEAD_BYTES = 512;

export function createOcspCache(limits: { readonly entriesMax: number; readonly bytesMax: number }): OcspCache {
  /** The entries are in the order of their last use, because a Map keeps the order of insertion. */
  const answers = new Map<string, CachedAnswer>();
  const keysByCertificate = new Map<string, Set<string>>();
  let bytes = 0;

  const cost = (key: string, answer: CachedAnswer): number =>
    key.length * 2 + answer.bytes.length + answer.statusByCertificate.size * 64 + ENTRY_OVERHEAD_BYTES;

  const remove = (key: string): void => {
    const answer = answers.get(key);
    if (answer === undefined) return;
    answers.delete(key);
    bytes -= cost(key, answer);
    for (const certificateKey of answer.statusByCertificate.keys()) {
      const keys = keysByCertificate.get(certificateKey);
      keys?.delete(key);
      if (keys?.size === 0) keysByCertificate.delete(certificateKey);
    }
  };

  const usable = (key: string, now: Instant): CachedAnswer | null => {
    const answer = answers.get(key);
    if (answer === undefined) return null;
    if (answer.nextUpdate <= now) {
      remove(key);
      return null;
    }
    answers.delete(key);
    answers.set(key, answer);
    return answer;
  };

  const fresh = (key: string, now: Instant): CachedAnswer | null => {
    const answer = usable(key, now);
    // After the clock was set back, the thisUpdate of an answer may be in the future: then a new
    // answer is made.
    return answer !== null && now < answer.freshUntil && answer.thisUpdate <= now ? answer : null;
  };

  const put = (key: string, answer: CachedAnswer): void => {
    remove(key);
    if (cost(key, answer) > limits.bytesMax) return;
    answers.set(key, answer);
    bytes += cost(key, answer);
    for (const certificateKey of answer.statusByCertificate.keys()) {
      const keys = keysByCertificate.get(certificateKey) ?? new Set();
      keysByCertificate.set(certificateKey, keys.add(key));
    }
    for (const oldest of answers.keys()) {
      if (answers.size <= limits.entriesMax && bytes <= limits.bytesMax) break;
      remove(oldest);
    }
  };

  return {
    fresh,
    usable,
    peek: (key) => answers.get(key) ?? null,
    put,
    withdraw: (certificateKey, which) => {
      for (const key of [...(keysByCertificate.get(certificateKey) ?? [])]) {
        if (which === 'all' || answers.get(key)?.statusByCertificate.get(certificateKey) === which) remove(key);
      }
    },
    clear: () => {
      answers.clear();
      keysByCertificate.clear();
      bytes = 0;
    },
    entries: () => [...answers],
    size: () => ({ entries: answers.size, bytes }),
  };
}
