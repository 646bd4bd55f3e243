/**
 * Caches answers by the bytes of their requests in the simplest form (`plainRequest`): the CertID,
 * and the algorithm of the responder if that is not the default responder. Number and size of the
 * answers are limited; the least recently used one is removed first. When the status of a
 * certificate has changed, `withdraw` removes every answer about the certificate.
 */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';
import type { CertStatus } from './decide.js';

export type CachedAnswer = {
  readonly bytes: Bytes;
  /** Value of the ETag header field, with its quotes. */
  readonly etag: string;
  /** SHA-1 of the responder's public key, hex: the responder id in the response. */
  readonly signerKeyHash: string;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /**
   * Until this time the answer is fresh: it can be sent without reading the statuses again. From
   * then until nextUpdate, it is sent only if the statuses in the database are the same, until a
   * new answer is signed.
   */
  readonly freshUntil: Instant;
  /** The status of each certificate, by `issuerAndSerial`. */
  readonly statusByCertificate: ReadonlyMap<string, CertStatus['kind']>;
  /**
   * All statuses in the order of the request, with times and reasons, as a text. The text is
   * compared with the statuses in the database before an answer is sent that is not fresh.
   */
  readonly statuses: string;
};

type OcspCache = {
  /** Returns the cached answer; null: not cached, or not fresh at `now`. */
  readonly fresh: (key: string, now: Instant) => CachedAnswer | null;
  /** Returns the cached answer, fresh or not; null: not cached, or nextUpdate has passed. */
  readonly usable: (key: string, now: Instant) => CachedAnswer | null;
  /** Returns the cached answer, even after nextUpdate, and does not count this as a use. */
  readonly peek: (key: string) => CachedAnswer | null;
  /**
   * Adds an answer or replaces it, and removes the least recently used ones if the cache is full.
   * An answer that is larger than the whole cache is not added.
   */
  readonly put: (key: string, answer: CachedAnswer) => void;
  /**
   * Removes all answers about this certificate (`issuerAndSerial`), or only those in which its
   * status is `which`.
   */
  readonly withdraw: (certificate: string, which: 'all' | CertStatus['kind']) => void;
  readonly clear: () => void;
  /** Returns a copy of the entries: later changes do not affect it. */
  readonly entries: () => readonly (readonly [key: string, answer: CachedAnswer])[];
  readonly size: () => { readonly entries: number; readonly bytes: number };
};

/** Returns the bytes of a request as a text, because a Map compares byte arrays by identity. */
export function requestKey(requestDer: Bytes): string {
  return Buffer.from(requestDer.buffer, requestDer.byteOffset, requestDer.byteLength).toString('latin1');
}

/**
 * Returns the text that identifies a certificate in the cache and in answers in progress: its
 * issuer and its serial number in the form of the database.
 */
export function issuerAndSerial(issuer: IssuerId, serial: string): string {
  return `${issuer}/${serial}`;
}

/**
 * A generous estimate of the memory that an entry needs besides its key, the bytes of its answer
 * and its statuses: the index and objects.
 */
const ENTRY_OVERHEAD_BYTES = 512;

export function createOcspCache(limits: { readonly entriesMax: number; readonly bytesMax: number }): OcspCache {
  /**
   * The entries are in the order of their last use: each use inserts the entry again, and a Map
   * keeps the order of insertion.
   */
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
    for (const certificate of answer.statusByCertificate.keys()) {
      const keys = keysByCertificate.get(certificate);
      keys?.delete(key);
      if (keys?.size === 0) keysByCertificate.delete(certificate);
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
    for (const certificate of answer.statusByCertificate.keys()) {
      const keys = keysByCertificate.get(certificate) ?? new Set();
      keysByCertificate.set(certificate, keys.add(key));
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
    withdraw: (certificate, which) => {
      for (const key of [...(keysByCertificate.get(certificate) ?? [])]) {
        if (which === 'all' || answers.get(key)?.statusByCertificate.get(certificate) === which) remove(key);
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
