/**
 * An upload that fills the disk. Without these steps, its parts would keep the disk full, and its
 * key would stay taken.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeUploadPartsJob } from '../../../src/jobs/orders/old-parts.js';
import { discardUploadsJob } from '../../../src/jobs/orders/uploads.js';
import { cleanUp, opened, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { runOf, sharedWorldOf, workDue } from '../../support/job-run.js';
import { canMakeDisks, type SmallDisk, smallDisk } from '../../support/machine/small-disk.js';
import { type Intake, openIntake } from '../../support/orders/intake.js';

const DISK_MB = 30;
/** Random octets, which do not get smaller when they are deflated. */
const line = (): string => `${Buffer.from(crypto.getRandomValues(new Uint8Array(40_000))).toString('base64')}\n`;

// Only root can make such a disk.
(canMakeDisks ? describe : () => undefined)('an upload that fills the disk', () => {
  let disk: SmallDisk;
  let intake: Intake;
  afterEach(async () => {
    await intake.close();
    disk.remove();
    await cleanUp();
  });

  it('is refused and discarded; its room is given back, and its key is free', async () => {
    const folder = temporaryFolder();
    disk = smallDisk(folder, DISK_MB);
    const other = join(folder, 'other');
    writeFileSync(other, Buffer.alloc(8 * 1024 * 1024));
    // A store of a service copies the write-ahead log into the file.
    const continuity = { known: () => null, refresh: () => null, advance: () => undefined, report: () => undefined };
    const store = await opened({ database: { kind: 'sqlite', file: join(folder, 'pfcng.sqlite') }, continuity });
    intake = await openIntake(store);
    const headers = { 'idempotency-key': 'k' };
    const large = Array.from({ length: 650 }, line).join('');
    const { status, body } = await intake.send('/v1/orders', { body: large, headers });
    assert.deepEqual([status, body.code], [503, 'database-unavailable']);
    // While the disk is full, the upload may not even be discarded. When there is space again, the
    // jobs do it.
    rmSync(other);
    await runOf(discardUploadsJob, intake.world)();
    await workDue(removeUploadPartsJob, {}, sharedWorldOf(store));
    const page = { accountId: null, limit: 10, before: null };
    const orders = unwrap(await store.read((reads) => reads.ordersPage(page)));
    assert.deepEqual(
      orders.map(({ state }) => state),
      ['discarded'],
    );
    // It has the room that the first one had, and the same key.
    const small = Array.from({ length: 100 }, line).join('');
    assert.equal((await intake.send('/v1/orders', { body: small, headers })).status, 202);
  });
});
