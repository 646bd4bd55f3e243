/** What the MAC algorithms of CMP have in common (RFC 9481 section 6). */
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { AlgorithmIdentifier } from '../model.js';

/** A MAC whose parameters were read and are within the limits. */
export type Mac = {
  /** The hashes that it uses, as node:crypto names them. */
  readonly hashes: readonly string[];
  /** How the key is derived from the secret; null: the octets of the secret are the key. */
  readonly derivation: KeyDerivation | null;
  readonly compute: (key: Bytes, data: Bytes) => Bytes;
};

type KeyDerivation = {
  readonly salt: Bytes;
  /** Calls of the one-way function, which is what the derivation costs. */
  readonly iterations: number;
  /**
   * `loop`: it runs on the thread of JavaScript, in slices; `pool`: on a thread of libuv's pool.
   */
  readonly runsOn: 'loop' | 'pool';
  /** `pause` lets other work of the process run; it is called between slices. */
  readonly derive: (secret: Bytes, pause: () => Promise<void>) => Promise<Bytes>;
};

export type MacLimits = {
  /** Iterations of PasswordBasedMac. */
  readonly passwordBasedMacIterationsMax: number;
  /** Iterations of PBKDF2. */
  readonly pbkdf2IterationsMax: number;
};

const SALT_OCTETS_MIN = 8;
const SALT_OCTETS_MAX = 64;

/** Returns what is wrong with the length of the salt; null: nothing. */
export function saltFault({ length }: Bytes): string | null {
  const isWithin = length >= SALT_OCTETS_MIN && length <= SALT_OCTETS_MAX;
  return isWithin ? null : `the salt must have ${SALT_OCTETS_MIN} to ${SALT_OCTETS_MAX} octets, not ${length}`;
}

/**
 * One algorithm. `read` decides on the parameters before any work; its error is an English
 * sentence for the client.
 */
export type MacScheme = {
  readonly oids: readonly string[];
  readonly read: (identifier: AlgorithmIdentifier, limits: MacLimits) => Result<Mac, string>;
};
