/**
 * Fetches the lists that other nodes have made into the folder of the home. Each node does it for
 * itself, and often: until it has the newest list, it serves one that lacks the last revocations.
 */
import { SECOND_MS } from '../../kernel/duration.js';
import type { RunJob } from '../job.js';
import {
  createOutletVisitor,
  logOutletState,
  NOT_VISITED,
  type OutletState,
  type OutletSupply,
  type OutletsWorld,
} from './outlet-visits.js';

export type HomeLists = {
  readonly fetch: () => Promise<void>;
  /** Default: the period of the job. */
  readonly everyMs?: number;
  readonly state: () => OutletState;
};

export const fetchHomeLists: RunJob<{ readonly homeLists: HomeLists }> = {
  name: 'home-lists',
  scope: 'run',
  roles: ['worker'],
  everyMs: SECOND_MS,
  isEssential: false,
  alsoRuns: ['at-start'],
  prepare: ({ homeLists: { fetch, everyMs } }) => ({ run: fetch, ...(everyMs === undefined ? {} : { everyMs }) }),
};

/** Pauses after failures, so that nodes that are away are not asked every second. */
const PAUSE_MS = { first: SECOND_MS, max: 5 * SECOND_MS } as const;

type HomeListsWorld = OutletsWorld & {
  /** Milliseconds of a monotonic clock. */
  readonly steadyMs: () => number;
};

export function createHomeLists(
  world: HomeListsWorld,
  supply: OutletSupply,
  options: Pick<HomeLists, 'everyMs'>,
): HomeLists {
  const visitor = createOutletVisitor(world, supply);
  let state = NOT_VISITED;
  let failures = 0;
  let nextAt = Number.NEGATIVE_INFINITY;
  return {
    ...options,
    state: () => state,
    fetch: async () => {
      if (world.steadyMs() < nextAt) return;
      const visited = await visitor.visit(state, () => false);
      // Without the database the published files are unknown, so the folder keeps its state.
      if (!visited.ok || visited.value === null) return;
      const before = state;
      state = visited.value;
      logOutletState(world.log, visitor.name, { before, after: state });
      failures = state.state === 'current' ? 0 : failures + 1;
      const pauseMs = failures === 0 ? 0 : Math.min(PAUSE_MS.max, PAUSE_MS.first * 2 ** (failures - 1));
      nextAt = world.steadyMs() + pauseMs;
    },
  };
}
