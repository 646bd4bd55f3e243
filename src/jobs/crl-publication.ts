/**
 * When CRLs are published: each period ahead of its end, soon after a revocation (several revocations share one list), and
 * on demand. One publication of an issuer at a time; who asks while one runs gets the next.
 */
import type { Result } from '../kernel/result.js';
import type { OperationFailure } from '../operations/failures.js';
import type { World } from '../operations/world.js';
import type { IssuerId } from '../ports/signer.js';
import type { CrlRecord } from '../ports/store.js';

export type CrlOutcome = Result<CrlRecord, OperationFailure>;

export type CrlPublication = {
  readonly now: (issuer: IssuerId) => Promise<CrlOutcome>;
  /** After `afterRevocationMs` of the policy, once for all that came meanwhile. */
  readonly soon: (issuer: IssuerId) => void;
  /** Publishes where the last list is older than the period. */
  readonly due: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export function createCrlPublication(world: World, publish: (issuer: IssuerId) => Promise<CrlOutcome>): CrlPublication {
  const tails = new Map<IssuerId, Promise<unknown>>();
  /** Asked for and not begun: whoever asks meanwhile shares it, so that the queue of an issuer is one long. */
  const waiting = new Map<IssuerId, Promise<CrlOutcome>>();
  const timers = new Map<IssuerId, NodeJS.Timeout>();
  let stopped = false;

  const now = (issuer: IssuerId): Promise<CrlOutcome> => {
    const shared = waiting.get(issuer);
    if (shared !== undefined) return shared;
    const next = (tails.get(issuer) ?? Promise.resolve()).then(() => {
      waiting.delete(issuer);
      return publish(issuer);
    });
    waiting.set(issuer, next);
    tails.set(
      issuer,
      next.catch(() => undefined),
    );
    return next;
  };

  const attempt = async (issuer: IssuerId): Promise<void> => {
    const outcome = await now(issuer);
    if (outcome.ok) return;
    world.log.error('crl.not-published', { issuer, kind: outcome.error.kind });
    if (!stopped) soon(issuer);
  };

  const soon = (issuer: IssuerId): void => {
    if (stopped || timers.has(issuer)) return;
    const timer = setTimeout(() => {
      timers.delete(issuer);
      attempt(issuer).catch((error: unknown) =>
        world.log.error('crl.not-published', { issuer, detail: String(error) }),
      );
    }, world.policy.environment.crl.afterRevocationMs);
    timers.set(issuer, timer);
  };

  const due = async (): Promise<void> => {
    const { periodMs } = world.policy.environment.crl;
    for (const issuer of world.issuers.all()) {
      if (issuer.kind === 'root') continue;
      const latest = await world.store.read((reads) => reads.latestCrl(issuer.id));
      if (latest.ok && (latest.value === null || latest.value.thisUpdate + periodMs <= world.clock()))
        await attempt(issuer.id);
    }
  };

  return {
    now,
    soon,
    due,
    stop: async () => {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(tails.values());
    },
  };
}
