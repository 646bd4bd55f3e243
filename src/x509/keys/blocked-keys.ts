/**
 * A set of keys by the SHA-256 of their SubjectPublicKeyInfo, in 32 bytes each: lists of known
 * broken keys have millions. The hashes are stored in ascending order. They are spread evenly, so
 * that the first two bytes lead to a handful of candidates.
 */
import { type Bytes, fromHex } from '../../kernel/bytes.js';

export type BlockedKeys = { readonly has: (spkiSha256: string) => boolean; readonly size: number };

type BlockedKeysBuilder = {
  /** false: the text is no lower-case SHA-256 in hex, or is not greater than the one before. */
  readonly add: (spkiSha256: string) => boolean;
  readonly build: () => BlockedKeys;
};

const OCTETS = 32;
const PREFIXES = 65_536;
const HEX = /^[0-9a-f]{64}$/;

export function blockedKeysBuilder(): BlockedKeysBuilder {
  let octets: Bytes = new Uint8Array(1_024 * OCTETS);
  let size = 0;
  let last = '';
  /**
   * For each prefix: how many keys have a smaller one. The last element is the number of all keys.
   */
  const before = new Uint32Array(PREFIXES + 1);
  return {
    add: (spkiSha256) => {
      const key = HEX.test(spkiSha256) && spkiSha256 > last ? fromHex(spkiSha256) : null;
      if (key === null) return false;
      if ((size + 1) * OCTETS > octets.length) octets = doubled(octets);
      octets.set(key, size * OCTETS);
      size += 1;
      last = spkiSha256;
      before[prefixOf(spkiSha256) + 1] = size;
      return true;
    },
    build: () => {
      for (let prefix = 1; prefix <= PREFIXES; prefix += 1)
        before[prefix] = Math.max(before[prefix] ?? 0, before[prefix - 1] ?? 0);
      const stored = octets.slice(0, size * OCTETS);
      return { size, has: (spkiSha256) => find(spkiSha256, { octets: stored, before }) };
    },
  };
}

function prefixOf(spkiSha256: string): number {
  return Number.parseInt(spkiSha256.slice(0, 4), 16);
}

function doubled(octets: Bytes): Bytes {
  const larger = new Uint8Array(octets.length * 2);
  larger.set(octets);
  return larger;
}

type KeyTable = { readonly octets: Bytes; readonly before: Uint32Array };

function find(spkiSha256: string, { octets, before }: KeyTable): boolean {
  if (!HEX.test(spkiSha256)) return false;
  const prefix = prefixOf(spkiSha256);
  const [from = 0, to = 0] = [before[prefix], before[prefix + 1]];
  if (from === to) return false;
  const key = fromHex(spkiSha256) ?? new Uint8Array(0);
  for (let at = from; at < to; at += 1) {
    const start = at * OCTETS;
    if (key.every((octet, offset) => octets[start + offset] === octet)) return true;
  }
  return false;
}
