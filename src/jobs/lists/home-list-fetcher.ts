/**
 * Fetches the CRLs that other nodes have published, and stores them in the home folder of this
 * node. Each node does this for itself, and often: until a node has the newest CRL, it serves one
 * that lacks the last revocations.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import type { RunJob } from '../job.js';
import {
  createOutletUpdater,
  logOutletState,
  NOT_VISITED,
  type OutletState,
  type OutletSupply,
  type OutletsWorld,
} from './outlet-updater.js';

export type HomeListFetcher = {
  readonly fetch: () => Promise<void>;
  readonly state: () => OutletState;
};

export const fetchHomeListsJob: RunJob<{ readonly homeListFetcher: HomeListFetcher }> = {
  name: 'home-lists',
  scope: 'run',
  roles: ['worker'],
  everyMs: SECOND_MS,
  isEssential: false,
  alsoRuns: ['at-start'],
  prepare: ({ homeListFetcher }) => ({ run: homeListFetcher.fetch }),
};

/** Pauses after failures, so that nodes that are down are not asked every second. */
const PAUSE_MS = { first: SECOND_MS, max: 5 * SECOND_MS } as const;

type HomeListFetcherWorld = OutletsWorld & {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
  /**
   * Whether no other node makes CRLs. The files in the folder are then only compared with the
   * database.
   */
  readonly isAlone: boolean;
};

/** Pause between two comparisons where no other node makes CRLs. */
const ALONE_PAUSE_MS = 30 * SECOND_MS;

export function createHomeListFetcher(world: HomeListFetcherWorld, supply: OutletSupply): HomeListFetcher {
  const updater = createOutletUpdater(world, supply);
  let state = NOT_VISITED;
  let failures = 0;
  let nextAt = Number.NEGATIVE_INFINITY;
  const pauseMs = (failuresInARow: number): number => {
    if (failuresInARow === 0) return world.isAlone ? ALONE_PAUSE_MS : 0;
    return Math.min(PAUSE_MS.max, PAUSE_MS.first * 2 ** (failuresInARow - 1));
  };
  return {
    state: () => state,
    fetch: async () => {
      if (world.steadyMs() < nextAt) return;
      const updated = await updater.update(state, () => false);
      // If the database is not available, the published files are not known, and the state stays as
      // it is.
      if (!updated.ok || updated.value === null) return;
      const before = state;
      state = updated.value;
      logOutletState(world.log, updater.name, { before, after: state });
      failures = state.state === 'current' ? 0 : failures + 1;
      nextAt = world.steadyMs() + pauseMs(failures);
    },
  };
}
