/**
 * Processes mass revocations in parts. One service does this at a time, under a lease that is
 * renewed meanwhile and checked in each transaction. After a crash another service, or the same one
 * after its restart, continues after the last finished part, as soon as the lease of the crashed
 * service has expired. Cached OCSP responses are removed after each part. CRLs are published as
 * after any other revocation, the last one after the end.
 */
import { toHex } from '../kernel/bytes.js';
import { SECOND_MS } from '../kernel/duration.js';
import { runningMassRevocations, workMassRevocation } from '../operations/revocation/work-mass-revocation.js';
import type { World } from '../operations/world.js';
import type { Lease } from '../ports/store/leases.js';
import type { Job } from './job.js';

/** The lease is longer than a part takes; after a crash the next service waits this long. */
const LEASE_MS = 6 * SECOND_MS;
const RENEWED_AFTER_MS = LEASE_MS / 3;

export const runMassRevocations: Job<{ readonly massRevocations: MassRevocationRunner }> = {
  name: 'mass-revocations',
  everyMs: 2 * SECOND_MS,
  leaseDurationMs: LEASE_MS,
  alsoRuns: [],
  prepare: ({ massRevocations: { run, stop } }) => ({ run, stop }),
};

export type MassRevocationRunner = {
  /** Works until no mass revocation is left. Runs once at a time. */
  readonly run: () => Promise<void>;
  /** Starts a run for a caller that does not wait for its end. */
  readonly begin: () => void;
  /** Finishes the current part and starts no other; then resolves. */
  readonly stop: () => Promise<void>;
};

/** `steadyMs`: milliseconds of a monotonic clock. */
export function createMassRevocationRunner(world: World, steadyMs: () => number): MassRevocationRunner {
  const holder = toHex(world.random(16));
  let stopped = false;
  let requested = false;
  let running: Promise<void> | null = null;

  /** When the lease was asked for, which is not later than the time at which it began. */
  let askedAt = 0;

  const acquire = async (): Promise<Lease | null> => {
    askedAt = steadyMs();
    const lease = await world.store.acquireLease({ name: 'mass-revocations', holder, durationMs: LEASE_MS });
    return lease.ok ? lease.value : null;
  };

  /**
   * Processes one mass revocation; each part needs a lease with time left. null: another service
   * has the lease, or the database is down.
   */
  const workOff = async (id: string, first: Lease): Promise<Lease | null> => {
    let lease: Lease | null = first;
    while (!stopped) {
      if (steadyMs() - askedAt > RENEWED_AFTER_MS) lease = await acquire();
      if (lease === null) return null;
      const part = await workMassRevocation(world, lease, id);
      if (!part.ok) {
        world.log.error('mass-revocation.failed', { id, detail: part.error.detail });
        return null;
      }
      if (part.value.kind === 'nothing-to-do') return lease;
      const { state, matched, revoked, alreadyRevoked } = part.value.order;
      if (state !== 'running') world.log.info('mass-revocation.ended', { id, state, matched, revoked, alreadyRevoked });
      if (state !== 'running') return lease;
    }
    return lease;
  };

  const work = async (): Promise<void> => {
    const orders = await runningMassRevocations(world);
    if (!orders.ok || orders.value.length === 0) return;
    let lease = await acquire();
    for (const id of orders.value) {
      if (lease === null || stopped) break;
      lease = await workOff(id, lease);
    }
    if (lease !== null) await world.store.releaseLease(lease);
  };

  /** Repeats the work if requests arrived while it was running. */
  const workUntilDone = async (): Promise<void> => {
    do {
      requested = false;
      await work();
    } while (requested && !stopped);
  };

  const run = (): Promise<void> => {
    requested = true;
    running ??= workUntilDone().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    run: async () => {
      if (!stopped) await run();
    },
    begin: () => {
      if (stopped) return;
      run().catch((error: unknown) => world.log.error('mass-revocation.failed', { detail: String(error) }));
    },
    stop: async () => {
      stopped = true;
      await running?.catch(() => undefined);
    },
  };
}
