/**
 * The address of the database leads to another server. Without the comparison of connections, a
 * node would wait for many minutes for a machine that is gone, or read from an old primary that
 * nobody writes to any more.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CertificateChange } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { issueAll, issueAndRevoke } from '../../support/db/changes.js';
import { cleanUp, opened, unwrap } from '../../support/db/fixture.js';
import { follow } from '../../support/db/follower.js';
import { createMovingAddress, type MovingAddress } from '../../support/db/moving-address.js';
import { type Cluster, createCluster, type PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';
import { createStandby, type Standby } from '../../support/db/postgresql-standby.js';
import { certify, idOf, intent } from '../../support/db/records.js';

/** Only the comparison of connections ends a wait before the test itself ends. */
const NEVER_MS = 3_600_000;
const LIMITS = { waitMsMax: NEVER_MS, transactionMsMax: NEVER_MS, readMsMax: NEVER_MS };
const READS_AT_ONCE = 3;

describe('the connections of a node', () => {
  let primary: Cluster;
  let standby: Standby;
  let database: PostgresqlDatabase;
  let address: MovingAddress;
  let store: Store;

  beforeEach(async () => {
    primary = await createCluster({ fsync: 'off' });
    database = await primary.create();
    standby = await createStandby(primary);
    address = await createMovingAddress(database);
    store = await opened({ database: address.of(database), limits: LIMITS });
    unwrap(await write(1));
    await reads();
    await standby.caughtUp();
  });
  afterEach(async () => {
    await address.remove();
    await cleanUp();
    await standby.remove();
    await primary.remove();
  });

  const write = (number: number) => store.transaction((tx) => certify(tx, intent(number)));
  const has = async (number: number) => store.read((from) => from.certificateById(idOf(number)));
  /** As many as use several connections. */
  const reads = () => Promise.all(Array.from({ length: READS_AT_ONCE }, () => has(1)));

  it('leave an old primary that is silent, also those that wait for its answer', async () => {
    address.silence();
    const waiting = [write(2), has(1)];
    // The server that takes over is promoted while they wait.
    await sleep(100);
    await standby.promote();
    address.moveTo(standby.of(database));
    const movedAt = performance.now();
    await Promise.all(waiting);
    unwrap(await write(3));
    for (const read of await reads()) assert.notEqual(unwrap(read), null);
    assert.notEqual(unwrap(await has(3)), null);
    console.log(`      ${Math.round(performance.now() - movedAt)} ms after the address moved`);
  });

  it('leave an old primary that goes on, as soon as one of them reaches the new one', async () => {
    await standby.promote();
    address.moveTo(standby.of(database));
    const other = await opened({ database: address.of(database) });
    unwrap(await other.transaction((tx) => certify(tx, intent(2))));
    // One connection more than before.
    unwrap(await store.revokedSnapshot(EVERYTHING, (snapshot) => snapshot.count()));
    for (let time = 0; time < 10; time += 1)
      for (const read of await Promise.all([has(2), has(2), has(2)])) assert.notEqual(unwrap(read), null);
    unwrap(await write(3));
    assert.notEqual(unwrap(await other.read((from) => from.certificateById(idOf(3)))), null);
  });

  it('show each change once and in order to systems that follow, also over the change of servers', async () => {
    const issue = (number: number) => store.transaction((tx) => issueAndRevoke(tx, number));
    unwrap(await store.transaction((tx) => issueAll(tx, [101, 102, 103, 104])));
    unwrap(await issue(101));
    const before = await follow(store, { limit: 2 });
    unwrap(await issue(102));
    await standby.caughtUp();
    address.silence();
    await standby.promote();
    address.moveTo(standby.of(database));
    unwrap(await issue(103));
    const after = await follow(store, { after: before.next, limit: 2 });
    // What `beforeEach` writes has no entry of its own.
    const seen = happened([...before.changes, ...after.changes]);
    const { seq } = unwrap(await store.read((from) => from.auditHead()));
    assert.deepEqual(
      seen.map((change) => change.seq),
      Array.from({ length: seq }, (_, at) => at + 1),
    );
    const restarted = await opened({ database: address.of(database) });
    assert.deepEqual(happened((await follow(restarted)).changes), seen, 'and so does a service that was started since');
  });
});

const EVERYTHING = { issuer: intent(1).issuer, partition: null, thisUpdate: intent(1).notAfter };

/** The certificate of `beforeEach` has no entry of its own. */
function happened(changes: readonly CertificateChange[]) {
  return changes.flatMap(({ seq, kind, state, certificate: { id } }) =>
    id === idOf(1) ? [] : [{ seq, kind, state, id }],
  );
}
