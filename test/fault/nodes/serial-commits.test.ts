/**
 * Write transactions of several nodes do not overlap, and a follower of "changes after n" skips
 * none, on the primary and on a hot standby. If writers overlapped, a standby could show their
 * commits in another order than their numbers, and a cached `good` would stay for a revoked
 * certificate, or a system that follows `GET /v1/changes` would never hear of a revocation.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReader, type ReaderStore } from '../../../src/db/open.js';
import type { Store } from '../../../src/ports/store.js';
import { issueAll, issueAndRevoke } from '../../support/db/changes.js';
import { cleanUp, opened, unwrap } from '../../support/db/fixture.js';
import { follow } from '../../support/db/follower.js';
import { type Cluster, createCluster } from '../../support/db/postgresql-cluster.js';
import { createStandby, type Standby } from '../../support/db/postgresql-standby.js';
import { NOW } from '../../support/db/records.js';

const WRITERS = 4;
const CHANGES_OF_EACH = 40;
/** A busy machine takes minutes. */
const WAIT_MS_MAX = 600_000;

describe('write transactions of several nodes', () => {
  let cluster: Cluster;
  let standby: Standby;

  before(async () => {
    cluster = await createCluster({ fsync: 'off' });
    standby = await createStandby(cluster);
  });
  after(async () => {
    await cleanUp();
    await standby.remove();
    await cluster.remove();
  });

  it('do not overlap, and a follower skips no change, on a hot standby too', async () => {
    const database = await cluster.create();
    const writers: Store[] = [];
    for (let count = 0; count < WRITERS; count += 1) writers.push(await opened({ database }));
    const numbers = Array.from({ length: WRITERS * CHANGES_OF_EACH }, (_, at) => at + 1);
    const [first] = writers;
    assert.ok(first);
    unwrap(
      await first.transaction(async (tx) => {
        await issueAll(tx, numbers);
      }),
    );
    await standby.caughtUp();
    const readers = await Promise.all(
      [database, standby.of(database)].map(async (place) =>
        unwrap(await openReader({ database: place, environmentMark: 'development', clock: () => NOW })),
      ),
    );
    const following = readers.map((reader) => followStatuses(reader, numbers.length));
    const entries = Array.from({ length: 3 * numbers.length }, (_, at) => at + 1);
    const followingEntries = readers.map((reader) => followEntries(reader, entries.length));

    let active = 0;
    let committed = 0;
    const write = (store: Store, number: number) =>
      store.transaction(async (tx) => {
        active += 1;
        assert.equal(active, 1, 'another transaction is in progress');
        assert.equal(await tx.lastStatusChange(), committed, 'the transaction before is visible');
        await issueAndRevoke(tx, number);
        committed = await tx.lastStatusChange();
        active -= 1;
      });
    const outcomes = await Promise.all(
      writers.map(async (store, lane) => {
        for (const number of numbers) if (number % WRITERS === lane) unwrap(await write(store, number));
      }),
    );
    assert.equal(outcomes.length, WRITERS);

    const [here, there] = await Promise.all(following);
    assert.deepEqual(
      here,
      [...(here ?? [])].sort((a, b) => a - b),
    );
    assert.deepEqual(there, here, 'the standby shows the same changes in the same order');
    for (const seen of await Promise.all(followingEntries))
      assert.deepEqual(seen, entries, 'each entry of the audit log is a change, and none is skipped');
    for (const reader of readers) await reader.close();
  });
});

/** Follows as `GET /v1/changes` does, a few at a time, until the log has `count` entries. */
async function followEntries(reader: ReaderStore, count: number): Promise<readonly number[]> {
  const seen: number[] = [];
  let next = 0;
  for (const end = performance.now() + WAIT_MS_MAX; next < count; await sleep(1)) {
    assert.ok(performance.now() < end, `${next} of ${count} entries were seen`);
    const followed = await follow(reader, { after: next, limit: 3 });
    seen.push(...followed.changes.map(({ seq }) => seq));
    next = followed.next;
  }
  return seen;
}

/** Follows the changes as the status poller does, until it knows `count`. */
async function followStatuses(reader: ReaderStore, count: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (const end = performance.now() + WAIT_MS_MAX; seen.length < count; await sleep(1)) {
    assert.ok(performance.now() < end, `${seen.length} of ${count} changes were seen`);
    const changes = unwrap(await reader.read((reads) => reads.statusChanges(seen.at(-1) ?? 0, 1_000)));
    seen.push(...changes.map(({ seq }) => seq));
  }
  return seen;
}
