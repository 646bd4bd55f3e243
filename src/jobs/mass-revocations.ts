/**
 * Mass revocations are worked off in parts, by one service at a time: a lease, renewed while the work goes on, and shown in each
 * transaction. After a crash another service, or the same one started again, goes on where the last part ended, once the lease of
 * the dead one has run out. OCSP answers are withdrawn part by part; the lists follow in the rhythm of all revocations, the
 * last one after the end.
 */
import { toHex } from '../kernel/bytes.js';
import { SECOND_MS } from '../kernel/duration.js';
import { runningMassRevocations, workMassRevocation } from '../operations/revocation/work-mass-revocation.js';
import type { World } from '../operations/world.js';
import type { Lease } from '../ports/store/leases.js';

export const MASS_REVOCATIONS_EVERY_MS = 2 * SECOND_MS;
/** Longer than a part takes; who comes after a crash waits as long. */
const LEASE_MS = 6 * SECOND_MS;
const RENEWED_AFTER_MS = LEASE_MS / 3;

export type MassRevocations = {
  /** Works until nothing is left. One run at a time. */
  readonly run: () => Promise<void>;
  /** The same, for whoever does not wait. */
  readonly begin: () => void;
  /** After the part that is under way; resolves then. */
  readonly stop: () => Promise<void>;
};

export function createMassRevocations(world: World): MassRevocations {
  const holder = toHex(world.random(16));
  let stopped = false;
  let asked = false;
  let running: Promise<void> | null = null;

  const hold = async (): Promise<Lease | null> => {
    const lease = await world.store.acquireLease({ name: 'mass-revocations', holder, durationMs: LEASE_MS });
    return lease.ok ? lease.value : null;
  };

  /** Each part under a lease that has time left. null: somebody else has it, or the database is away. */
  const workOff = async (id: string, first: Lease): Promise<Lease | null> => {
    let lease: Lease | null = first;
    while (!stopped) {
      if (lease.until - world.clock() < LEASE_MS - RENEWED_AFTER_MS) lease = await hold();
      if (lease === null) return null;
      const part = await workMassRevocation(world, lease, id);
      if (!part.ok) {
        world.log.error('mass-revocation.held-up', { id, detail: part.error.detail });
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
    let lease = await hold();
    for (const id of orders.value) {
      if (lease === null || stopped) break;
      lease = await workOff(id, lease);
    }
    if (lease !== null) await world.store.releaseLease(lease);
  };

  /** What was asked for while it ran is looked for once more. */
  const untilQuiet = async (): Promise<void> => {
    do {
      asked = false;
      await work();
    } while (asked && !stopped);
  };

  const run = (): Promise<void> => {
    asked = true;
    running ??= untilQuiet().finally(() => {
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
      run().catch((error: unknown) => world.log.error('mass-revocation.held-up', { detail: String(error) }));
    },
    stop: async () => {
      stopped = true;
      await running?.catch(() => undefined);
    },
  };
}
