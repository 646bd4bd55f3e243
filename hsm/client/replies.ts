/** Converts replies of a signer into the results of the `Signer` port. */
import type { Bytes } from '../../src/kernel/bytes.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import type { SignerFailure, SignerUnavailable } from '../../src/ports/signer.js';
import { readMeta } from '../wire/frames.js';
import type { Reply } from './pending-request.js';

export function signatureFromReply(reply: Reply): Result<Bytes, SignerFailure> {
  if ('kind' in reply) return err(signerUnavailable(reply.retryAfterMs, reply.detail));
  if (reply.type === 'signature') return ok(new Uint8Array(reply.body));
  const meta = readMeta(reply);
  const { rule, detail, retryAfterMs, lastNumber, profile } = meta.ok ? meta.value : {};
  if (reply.type === 'refused') {
    const last = /^\d{1,15}$/.test(String(lastNumber)) ? { lastNumber: Number(lastNumber) } : {};
    return err({ kind: 'signer-refused', rule: String(rule), detail: String(detail), ...last });
  }
  const unavailable = signerUnavailable(Number(retryAfterMs) || 0, String(detail));
  return err(typeof profile === 'string' ? { ...unavailable, profile } : unavailable);
}

export function signerUnavailable(retryAfterMs: number, detail: string): SignerUnavailable {
  return { kind: 'signer-unavailable', retryAfterMs: Math.max(1, retryAfterMs), detail };
}
