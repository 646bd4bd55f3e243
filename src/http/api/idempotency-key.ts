/** Reads `Idempotency-Key`. */
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';

/**
 * Returns the key; null: there is none. The header field of the IETF httpapi draft is a Structured
 * Fields string; the form without quotes, which most clients send, is accepted too.
 */
export function readIdempotencyKey(header: string): Result<string | null, Violation> {
  const given = header.trim();
  if (given === '') return ok(null);
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (/^[!-~]+$/.test(key) && key.length <= LIMITS.idempotencyKeyCharactersMax) return ok(key);
  return err(violation('Idempotency-Key', 'idempotency-key', { max: LIMITS.idempotencyKeyCharactersMax }));
}
