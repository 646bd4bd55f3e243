/**
 * Works on the orders of mass revocation in parts. Each order is an item, so different nodes can
 * work on different orders. After a crash another node, or the same one after its restart,
 * continues after the last finished part. Cached OCSP responses are removed after each part. CRLs
 * are published as after any other revocation, the last one after the end of the order.
 */
import { SECOND_MS } from '../kernel/duration.js';
import { workMassRevocation } from '../operations/revocation/work-mass-revocation.js';
import type { World } from '../operations/world.js';
import { type JobLease, type ReadingStore, type SharedJob, valueOrThrow } from './job.js';

type MassRevocationWorld = Omit<World, 'store'> & { readonly store: ReadingStore };

export const processMassRevocationsJob: SharedJob<MassRevocationWorld> = {
  name: 'mass-revocation',
  scope: 'item',
  roles: ['worker'],
  everyMs: 2 * SECOND_MS,
  leaseDurationMs: 6 * SECOND_MS,
  budgetMs: 5 * SECOND_MS,
  isEssential: true,
  prepare: (world) => ({
    due: async (reads) => (await reads.runningMassRevocations()).map(({ id }) => id),
    work: (leased, id) => workOrder({ ...world, store: leased.store }, leased, id),
  }),
};

async function workOrder(world: World, leased: JobLease, id: string): Promise<'done' | 'more'> {
  while (!leased.mustEnd()) {
    const order = valueOrThrow(await workMassRevocation(world, id));
    if (order === null) return 'done';
    const { state, matched, revoked, alreadyRevoked } = order;
    if (state === 'running') continue;
    world.log.info('mass-revocation.ended', { id, state, matched, revoked, alreadyRevoked });
    return 'done';
  }
  return 'more';
}
