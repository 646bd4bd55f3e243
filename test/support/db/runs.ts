/** Runs to put into a database. */
import type { NodeId, RunId } from '../../../src/ports/node.js';
import type { RunFacts } from '../../../src/ports/store/nodes.js';
import type { Store } from '../../../src/ports/store.js';
import { unwrap } from './fixture.js';
import { NOW, RUN } from './records.js';

/** The parts of a world that say which run uses serial numbers. */
export const OWN_RUN = { run: RUN, underWay: new Set<string>() };

export function nodeOf(number: number): NodeId {
  return number.toString(16).padStart(16, '0') as NodeId;
}

export function runOf(number: number): RunId {
  return number.toString(16).padStart(32, '0') as RunId;
}

export function runFacts(facts: Partial<RunFacts> = {}): RunFacts {
  return {
    run: RUN,
    node: nodeOf(0xaa),
    name: 'here',
    host: 'host-1',
    home: 'a'.repeat(64),
    roles: ['all'],
    version: '0.1.0',
    schemaLevel: 1,
    policyDigest: 'd'.repeat(64),
    configDigest: 'c'.repeat(64),
    publicationUrl: null,
    ...facts,
  };
}

const TRIES_MAX = 10;

/**
 * The store, with a live run that may use serial numbers. It is inserted again if that fails: on a
 * busy machine the server ends a connection that is idle in a transaction for two seconds.
 */
export async function withRun(store: Store, facts: Partial<RunFacts> = {}, at = NOW): Promise<Store> {
  const run = runFacts(facts);
  const insert = () =>
    store.transaction(async (tx) => {
      if (!(await tx.isRunLive(run.run))) await tx.insertRun(run, { at, clockOffsetMs: 0 });
    });
  let inserted = await insert();
  for (let tries = 1; !inserted.ok && tries < TRIES_MAX; tries += 1) inserted = await insert();
  unwrap(inserted);
  return store;
}
