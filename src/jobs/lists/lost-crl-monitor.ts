/**
 * Notices that the last published CRL is lost: this node does not have it, and has not found it on
 * another node for a while. The CRL that this node still serves lacks the last revocations, so a
 * new one is made at once. Full and delta CRLs are watched apart, because frequent deltas do not
 * replace a full CRL.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { type CrlKind, kindOf } from '../../policy/publication/crl-scopes.js';
import type { PublishedFile } from '../../ports/outlet.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlPublication } from './crl-publication.js';

type LostCrlMonitorWorld = Pick<CrlPublication, 'replaceLost'> & {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
};

export type LostCrlMonitor = {
  /** Must be called each time that no node has a published file. */
  readonly missing: (file: PublishedFile) => void;
  /** Must be called when the last published CRL of an issuer and kind is in the folder. */
  readonly found: (issuer: IssuerId, kind: CrlKind) => void;
};

/** A CRL counts as lost when it has been missing for this long. */
const LOST_AFTER_MS = 10 * SECOND_MS;
/**
 * The time after which a CRL counts as lost doubles with each replacement, up to this limit, until
 * there was no replacement for an hour. Otherwise two nodes that cannot reach each other would
 * replace the CRLs of each other every few seconds.
 */
const LOST_AFTER_MS_MAX = 5 * MINUTE_MS;
const QUIET_MS = HOUR_MS;

export function createLostCrlMonitor({ steadyMs, replaceLost }: LostCrlMonitorWorld): LostCrlMonitor {
  const missingSince = { full: new Map<IssuerId, number>(), delta: new Map<IssuerId, number>() };
  const replaced = new Map<IssuerId, { readonly at: number; readonly nextAfterMs: number }>();
  return {
    // The time is counted from the first missing CRL. A newer CRL that is missing too does not
    // restart it, because other nodes may publish often.
    missing: ({ issuer, scope, number }) => {
      if (issuer === null || scope === null || number === null) return;
      const now = steadyMs();
      const sinceOf = missingSince[kindOf(scope)];
      const since = sinceOf.get(issuer) ?? now;
      sinceOf.set(issuer, since);
      const last = replaced.get(issuer);
      const afterMs = last === undefined || now - last.at > QUIET_MS ? LOST_AFTER_MS : last.nextAfterMs;
      if (now - since < afterMs) return;
      sinceOf.delete(issuer);
      replaced.set(issuer, { at: now, nextAfterMs: Math.min(2 * afterMs, LOST_AFTER_MS_MAX) });
      replaceLost({ issuer, scope, number });
    },
    found: (issuer, kind) => void missingSince[kind].delete(issuer),
  };
}
