/**
 * What the log says of answers that were not signed. While a signer is away every question would be a line: there is one a second of an
 * issuer, which says how many there were since the last. What a signer refused is a bug or an attack, and always told.
 */
import type { Instant } from '../kernel/clock.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { IssuerId, SignerFailure } from '../ports/signer.js';
import type { Clock, Log } from '../ports/world.js';

export type NotSigned = (issuer: IssuerId, failure: SignerFailure) => void;

const EVENT = 'ocsp.not-signed';
const TOLD_EVERY_MS = SECOND_MS;

export function createNotSigned({ log, clock }: { readonly log: Log; readonly clock: Clock }): NotSigned {
  const told = new Map<IssuerId, { readonly at: Instant; untold: number }>();
  return (issuer, { kind, detail }) => {
    if (kind === 'signer-refused') return log.error(EVENT, { issuer, kind, detail });
    const now = clock();
    const last = told.get(issuer);
    // The clock may have been set back.
    if (last !== undefined && Math.abs(now - last.at) < TOLD_EVERY_MS) {
      last.untold += 1;
      return;
    }
    told.set(issuer, { at: now, untold: 0 });
    const untold = last?.untold ?? 0;
    log.error(EVENT, { issuer, kind, detail, ...(untold > 0 ? { untold } : {}) });
  };
}
