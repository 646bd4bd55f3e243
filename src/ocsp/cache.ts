/**
 * Finished answers by the exact octets of their requests, bounded by number and size; the least recently used goes first.
 * What changes a certificate's status withdraws every answer about it at once.
 */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { IssuerId } from '../ports/signer.js';
import type { CertStatus } from './decide.js';

export type CachedAnswer = {
  readonly bytes: Bytes;
  /** Quoted, as it stands in the header field. */
  readonly etag: string;
  /** The key that signed it: SHA-1 of it, hex, as the answer names it. */
  readonly by: string;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /** Until then it is given out without a question; later, to nextUpdate, only while no new one can be signed. */
  readonly freshUntil: Instant;
  /** What it says of each certificate, by `statusKey`. */
  readonly about: ReadonlyMap<string, CertStatus['kind']>;
  /** All that it says, in the order of its certificates: to be held against what the database says now. */
  readonly said: string;
};

export type OcspCache = {
  /** Fresh at `now`. */
  readonly fresh: (key: string, now: Instant) => CachedAnswer | null;
  /** Fresh or not, nextUpdate is after `now`. */
  readonly usable: (key: string, now: Instant) => CachedAnswer | null;
  /** As it is, and as long unused as before. */
  readonly peek: (key: string) => CachedAnswer | null;
  readonly put: (key: string, answer: CachedAnswer) => void;
  /** Everything about one certificate, or only what says this of it. */
  readonly withdraw: (about: string, which: 'all' | 'good' | 'revoked') => void;
  readonly clear: () => void;
  /** As they are now: what is put or withdrawn meanwhile does not disturb. */
  readonly entries: () => readonly (readonly [key: string, answer: CachedAnswer])[];
  readonly size: () => { readonly entries: number; readonly bytes: number };
};

/** The octets of a request as a map's key. */
export function requestKey(requestDer: Bytes): string {
  return Buffer.from(requestDer.buffer, requestDer.byteOffset, requestDer.byteLength).toString('latin1');
}

export function statusKey(issuer: IssuerId, serial: string): string {
  return `${issuer}/${serial}`;
}

/** What an entry costs besides its answer: its key twice, the index, objects. An estimate, generous. */
const ENTRY_OVERHEAD_BYTES = 512;

export function createOcspCache(limits: { readonly entriesMax: number; readonly bytesMax: number }): OcspCache {
  /** In order of use: Map keeps the order of insertion. */
  const answers = new Map<string, CachedAnswer>();
  const keysAbout = new Map<string, Set<string>>();
  let bytes = 0;

  const cost = (key: string, answer: CachedAnswer): number =>
    key.length * 2 + answer.bytes.length + answer.about.size * 64 + ENTRY_OVERHEAD_BYTES;

  const remove = (key: string): void => {
    const answer = answers.get(key);
    if (answer === undefined) return;
    answers.delete(key);
    bytes -= cost(key, answer);
    for (const about of answer.about.keys()) {
      const keys = keysAbout.get(about);
      keys?.delete(key);
      if (keys?.size === 0) keysAbout.delete(about);
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
    // A clock that stepped back must not make an answer of the future: it is asked for anew.
    return answer !== null && now < answer.freshUntil && answer.thisUpdate <= now ? answer : null;
  };

  const put = (key: string, answer: CachedAnswer): void => {
    remove(key);
    if (cost(key, answer) > limits.bytesMax) return;
    answers.set(key, answer);
    bytes += cost(key, answer);
    for (const about of answer.about.keys()) {
      const keys = keysAbout.get(about) ?? new Set();
      keysAbout.set(about, keys.add(key));
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
    withdraw: (about, which) => {
      for (const key of [...(keysAbout.get(about) ?? [])]) {
        if (which === 'all' || answers.get(key)?.about.get(about) === which) remove(key);
      }
    },
    clear: () => {
      answers.clear();
      keysAbout.clear();
      bytes = 0;
    },
    entries: () => [...answers],
    size: () => ({ entries: answers.size, bytes }),
  };
}
