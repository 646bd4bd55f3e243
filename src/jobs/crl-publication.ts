/**
 * When CRLs are published: each period ahead of its end, soon after a revocation (several revocations share one list), and
 * on demand. One publication of an issuer at a time; who asks while one runs gets the next.
 */
import { toHex } from '../kernel/bytes.js';
import { MINUTE_MS } from '../kernel/duration.js';
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
  /** Publishes where the last list is older than the period, and no other service on this database is about to. */
  readonly due: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Longer than a list takes; who dies while it makes one holds up the others no longer than this, ahead of the list's end. */
const LEASE_MS = 5 * MINUTE_MS;

export function createCrlPublication(world: World, publish: (issuer: IssuerId) => Promise<CrlOutcome>): CrlPublication {
  const tails = new Map<IssuerId, Promise<unknown>>();
  /** Asked for and not begun: whoever asks meanwhile shares it, so that the queue of an issuer is one long. */
  const waiting = new Map<IssuerId, Promise<CrlOutcome>>();
  const timers = new Map<IssuerId, NodeJS.Timeout>();
  const holder = toHex(world.random(16));
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
      const isDue = async (): Promise<boolean> => {
        const latest = await world.store.read((reads) => reads.latestCrl(issuer.id));
        return latest.ok && (latest.value === null || latest.value.thisUpdate + periodMs <= world.clock());
      };
      if (await isDue()) await alone(issuer.id, isDue);
    }
  };

  /**
   * Of several services on one database one makes the list that is due. The lease spares the others the work; that no list
   * is overtaken by an older one is the publication's own promise.
   */
  const alone = async (issuer: IssuerId, isDue: () => Promise<boolean>): Promise<void> => {
    const lease = await world.store.acquireLease({ name: `crl/${issuer}`, holder, durationMs: LEASE_MS });
    if (!lease.ok || lease.value === null) return;
    // Whoever held it before may just have published.
    if (await isDue()) await attempt(issuer);
    await world.store.releaseLease(lease.value);
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
