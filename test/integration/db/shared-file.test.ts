/**
 * Two processes of one home folder on one SQLite file. Without this test, the checkpoint of one of
 * them could stop the other one, or a file that was overwritten would not be noticed.
 */
import assert from 'node:assert/strict';
import { createContinuity } from '../../../src/compose/database/continuity.js';
import { cleanUp, freshDatabase, opened, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { SILENT_LOG } from '../../support/status/authority.js';

describe('a SQLite file that two processes write', () => {
  afterEach(cleanUp);

  /** Reads in a process after another one has copied the log into the file. */
  async function readAfterCheckpoint(othersWrite: boolean) {
    const database = await freshDatabase('sqlite');
    const open = () => opened({ database, othersWrite, continuity: createContinuity('none', SILENT_LOG) });
    const first = await open();
    unwrap(await first.transaction((tx) => tx.setMark('clock', String(NOW))));
    await open();
    return first.read((reads) => reads.databaseClock());
  }

  it('is not damaged by the checkpoints of the other one', async () => {
    assert.ok((await readAfterCheckpoint(true)).ok);
  });

  it('has been overwritten, as far as a process knows that is the only one', async () => {
    const read = await readAfterCheckpoint(false);
    assert.match(read.ok ? '' : read.error.detail, /was overwritten by another program/);
  });
});
