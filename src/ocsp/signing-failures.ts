/**
 * Limits the log lines of an OCSP responder. While a signer or the database is down, every request
 * that needs it would write a line. So at most one line per second, event and issuer is written,
 * with the number of lines that were suppressed since the previous one. Lines about bugs and
 * attacks are not limited.
 */
import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { IssuerId, SignerFailure } from '../ports/signer.js';
import type { Clock, Log } from '../ports/world.js';

export type LogSigningFailure = (issuer: IssuerId, failure: SignerFailure) => void;

type LogWorld = { readonly log: Log; readonly clock: Clock };
type LogMethod = Log['error'];

const SIGNING_FAILED = 'ocsp.signing-failed';
const LOG_EVERY_MS = SECOND_MS;
/**
 * Events that are bugs or attacks, so that each is logged. Only answers that are newly made cause
 * them, and the number of those for one client only is limited (`one-client-limit.ts`).
 */
const ALWAYS_LOGGED: ReadonlySet<string> = new Set(['lint.failed', 'ocsp.signature-wrong']);

/**
 * Returns a log that writes warnings and errors at most once per second, event and issuer. Events
 * in `ALWAYS_LOGGED` and information are not limited.
 */
export function createLimitedLog({ log, clock }: LogWorld): Log {
  const limited = (write: LogMethod): LogMethod => {
    const lastByName = new Map<string, { readonly at: Instant; suppressed: number }>();
    return (event, fields = {}) => {
      if (ALWAYS_LOGGED.has(event)) return write(event, fields);
      const name = `${event} ${String(fields.issuer)}`;
      const now = clock();
      const last = lastByName.get(name);
      // The absolute value is used, because the clock may have been set back.
      if (last !== undefined && Math.abs(now - last.at) < LOG_EVERY_MS) {
        last.suppressed += 1;
        return;
      }
      lastByName.set(name, { at: now, suppressed: 0 });
      const suppressed = last?.suppressed ?? 0;
      write(event, suppressed > 0 ? { ...fields, suppressed } : fields);
    };
  };
  return { info: log.info, warn: limited(log.warn), error: limited(log.error) };
}

/**
 * Returns a function that logs failures of signatures with the limit of `createLimitedLog`. A
 * refusal by the signer is a bug or an attack, and is always logged.
 */
export function createSigningFailureLog(world: LogWorld): LogSigningFailure {
  const limited = createLimitedLog(world);
  return (issuer, { kind, detail }) => {
    if (kind === 'signer-refused') world.log.error(SIGNING_FAILED, { issuer, kind, detail });
    else limited.error(SIGNING_FAILED, { issuer, kind, detail });
  };
}
