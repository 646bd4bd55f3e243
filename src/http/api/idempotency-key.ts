/** Reads `Idempotency-Key`. */
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';

/**
 * `header`: the values of the field; undefined: the request has no such field. Returns the key;
 * null: there is none. An empty field is refused, because a client that sends it means to be safe
 * from a second execution. The header field of the IETF httpapi draft is a Structured Fields
 * string; the form without quotes, which most clients send, is accepted too.
 */
export function readIdempotencyKey(header: string | string[] | undefined): Result<string | null, Violation> {
  if (header === undefined) return ok(null);
  const given = String(header).trim();
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (/^[!-~]+$/.test(key) && key.length <= LIMITS.idempotencyKeyCharactersMax) return ok(key);
  return err(violation('Idempotency-Key', 'idempotency-key', { max: LIMITS.idempotencyKeyCharactersMax }));
}
