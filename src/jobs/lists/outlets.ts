/**
 * Delivers all published files to the outlets. Each outlet is an item, so that one that is down
 * does not delay the others, and one node at a time works on it. An outlet that is down is updated
 * again after the growing pauses of the runner. One that lacks files is updated again after the
 * normal period, because another node may have the files that this node lacks.
 */
import { present } from '../../kernel/assert.js';
import { MINUTE_MS, SECOND_MS } from '../../kernel/duration.js';
import { canonicalJson } from '../../kernel/json.js';
import type { Reads } from '../../ports/store.js';
import { JobFailed, type JobLease, type SharedJob, valueOrThrow } from '../job.js';
import {
  createOutletUpdater,
  logOutletState,
  NOT_VISITED,
  type OutletState,
  type OutletSupply,
  type OutletsWorld,
} from './outlet-updater.js';

export type OutletDelivery = {
  readonly names: readonly string[];
  readonly work: (leased: JobLease, name: string) => Promise<'done' | 'more'>;
};

export const deliverToOutletsJob: SharedJob<{ readonly outlets: OutletDelivery }> = {
  name: 'outlet',
  scope: 'item',
  roles: ['worker'],
  everyMs: 30 * SECOND_MS,
  leaseDurationMs: 30 * SECOND_MS,
  budgetMs: 10 * MINUTE_MS,
  isEssential: false,
  prepare: ({ outlets }) => ({ due: async () => outlets.names, work: outlets.work }),
};

/**
 * Creates the work of the job `outlet`. The cursor has the state of the outlet, so that all nodes
 * report the same.
 */
export function createOutletDelivery(world: OutletsWorld, supplies: readonly OutletSupply[]): OutletDelivery {
  const updaters = new Map(supplies.map((supply) => [supply.outlet.name, createOutletUpdater(world, supply)]));
  return {
    names: [...updaters.keys()],
    work: async (leased, name) => {
      const before = stateIn(leased.cursor);
      const updater = present(updaters.get(name), 'an outlet of the configuration');
      const after = valueOrThrow(await updater.update(before, leased.mustEnd));
      if (after === null) return 'more';
      if (canonicalJson(after) !== canonicalJson(before))
        valueOrThrow(await leased.transaction((tx) => leased.setCursor(tx, after)));
      logOutletState(world.log, name, { before, after });
      if (after.state === 'down') throw new JobFailed(`down: ${after.detail}`);
      return 'done';
    },
  };
}

/** Returns the state of each outlet, as the last update by any node has left it. */
export async function readOutletStates(
  reads: Reads,
  names: readonly string[],
): Promise<ReadonlyMap<string, OutletState>> {
  const states = new Map<string, OutletState>();
  for (const item of names) states.set(item, stateIn((await reads.job({ job: 'outlet', item }))?.cursor ?? null));
  return states;
}

function stateIn(cursor: JobLease['cursor']): OutletState {
  return (cursor as OutletState | null) ?? NOT_VISITED;
}
