/** Reads the header field `Idempotency-Key`. */
import { LIMITS } from '../../kernel/limits.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';

/**
 * Returns the key; null: the request has no such field (`header` is undefined). An empty field is
 * refused, because a client that sends one expects to be protected from a second execution. The
 * IETF draft (httpapi) defines a Structured Fields string in double quotes; the form without
 * quotes, which most clients send, is accepted too.
 */
export function readIdempotencyKey(header: string | string[] | undefined): Result<string | null, Violation> {
  if (header === undefined) return ok(null);
  const given = String(header).trim();
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (/^[!-~]+$/.test(key) && key.length <= LIMITS.idempotencyKeyCharactersMax) return ok(key);
  return err(violation('Idempotency-Key', 'idempotency-key', { max: LIMITS.idempotencyKeyCharactersMax }));
}
