/**
 * The token that only a passed lint can make, once and for one issuer. It is the only input that a
 * signer client accepts (see `src/ports/signer.ts`). The bytes are stored here and not in the
 * token, so that neither a cast nor a copy can make one.
 */
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import type { IssuerId, LintToken } from '../ports/signer.js';

type Kind = 'certificate' | 'crl' | 'ocsp';

const bytesOf = new WeakMap<object, Bytes>();

/**
 * For the lint functions in `src/lint` alone (`test/tidy.test.ts` checks who imports it). `bytes`
 * are copied.
 */
export function makeLintToken<K extends Kind>(kind: K, issuer: IssuerId, bytes: Bytes): LintToken<K> {
  const token = Object.freeze({ kind, issuer });
  bytesOf.set(token, bytes.slice());
  return token as unknown as LintToken<K>;
}

/**
 * Returns the bytes that were linted, once. A second call, or a token that no lint made, is a bug.
 * For signer clients.
 */
export function redeemLintToken(token: LintToken<Kind>): Bytes {
  const bytes = bytesOf.get(token);
  assert(bytes !== undefined, 'a signature needs a token that a passed lint made and that was not used yet');
  bytesOf.delete(token);
  return bytes;
}
