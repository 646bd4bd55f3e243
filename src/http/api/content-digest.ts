/**
 * Reads the header field `Content-Digest` (RFC 9530): `sha-256=:BASE64:`, possibly together with
 * other algorithms.
 */
import { fromBase64, toHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';

const SHA256_OCTETS = 32;

/**
 * Returns the SHA-256 in hex; null: the request has no such header field. A field without sha-256
 * is refused, because the client expects its upload to be checked.
 */
export function readContentDigest(header: string): Result<string | null, Violation> {
  if (header.trim() === '') return ok(null);
  const values = header.split(',').flatMap((member) => /^\s*sha-256=:([^:]*):\s*$/.exec(member)?.[1] ?? []);
  // If a key occurs several times, the last member counts (RFC 9651 4.2.2).
  const octets = fromBase64(values.at(-1) ?? '');
  if (octets?.length !== SHA256_OCTETS)
    return err(violation('Content-Digest', 'content-digest', { form: 'sha-256=:BASE64:' }));
  return ok(toHex(octets));
}
