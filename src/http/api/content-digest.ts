/** Reads `Content-Digest` (RFC 9530): `sha-256=:BASE64:`, perhaps beside other algorithms. */
import { fromBase64, toHex } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';

const SHA256_OCTETS = 32;

/**
 * Returns SHA-256 in hex; null: there is no such header field. A field with other algorithms alone
 * is refused, because the client wants its upload to be checked.
 */
export function readContentDigest(header: string): Result<string | null, Violation> {
  if (header.trim() === '') return ok(null);
  const values = header.split(',').flatMap((member) => /^\s*sha-256=:([^:]*):\s*$/.exec(member)?.[1] ?? []);
  // The last of several members with one key counts (RFC 9651 4.2.2).
  const octets = fromBase64(values.at(-1) ?? '');
  if (octets?.length !== SHA256_OCTETS)
    return err(violation('Content-Digest', 'content-digest', { form: 'sha-256=:BASE64:' }));
  return ok(toHex(octets));
}
