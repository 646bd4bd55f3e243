/**
 * The set of new keys of a remote update. A key is certified once, so the same set names the same
 * update, whoever asks again and in whatever order.
 */
import { utf8 } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { canonicalJson } from '../kernel/json.js';

/** SHA-256 hex of the canonical JSON of the sorted hashes of the keys. */
export function updateKeysSha256(keys: readonly { readonly spkiSha256: string }[]): string {
  return sha256Hex(utf8(canonicalJson([...new Set(keys.map(({ spkiSha256 }) => spkiSha256))].sort())));
}
