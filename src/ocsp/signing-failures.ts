/**
 * Logs why OCSP responses could not be signed. While a signer is down, every request would write a
 * line, so at most one line per second and issuer is written; it counts the failures since the
 * previous line. A refusal by the signer is a bug or an attack and is always logged.
 */
import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { IssuerId, SignerFailure } from '../ports/signer.js';
import type { Clock, Log } from '../ports/world.js';

export type LogSigningFailure = (issuer: IssuerId, failure: SignerFailure) => void;

const EVENT = 'ocsp.signing-failed';
const LOG_EVERY_MS = SECOND_MS;

export function createSigningFailureLog({
  log,
  clock,
}: {
  readonly log: Log;
  readonly clock: Clock;
}): LogSigningFailure {
  const lastByIssuer = new Map<IssuerId, { readonly at: Instant; suppressed: number }>();
  return (issuer, { kind, detail }) => {
    if (kind === 'signer-refused') return log.error(EVENT, { issuer, kind, detail });
    const now = clock();
    const last = lastByIssuer.get(issuer);
    // The absolute value is used, because the clock may have been set back.
    if (last !== undefined && Math.abs(now - last.at) < LOG_EVERY_MS) {
      last.suppressed += 1;
      return;
    }
    lastByIssuer.set(issuer, { at: now, suppressed: 0 });
    const suppressed = last?.suppressed ?? 0;
    log.error(EVENT, { issuer, kind, detail, ...(suppressed > 0 ? { suppressed } : {}) });
  };
}
