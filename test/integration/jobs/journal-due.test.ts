/**
 * When the journal of a signer is compared. Without it, idle nodes would take a lease for each
 * journal every minute.
 */
import assert from 'node:assert/strict';
import { openJournal } from '../../../hsm/signer/journal.js';
import type { SharedWork } from '../../../src/jobs/job.js';
import { reconciliationJob } from '../../../src/jobs/journals/reconcile.js';
import { present } from '../../../src/kernel/assert.js';
import type { NodeId } from '../../../src/ports/node.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { sharedWorldOf, workPrepared } from '../../support/job-run.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const NODE = '0123456789abcdef' as NodeId;

async function append(folder: string): Promise<void> {
  const { journal } = unwrap(await openJournal(folder));
  const event = { kind: 'refused', issuer: null, asked: null, rule: 'frame-type', sha256: null } as const;
  unwrap(await journal.append({ at: NOW, steadyAt: null, event }));
  await journal.close();
}

function prepareFor(store: Store, folder: string): SharedWork {
  const journals = [{ token: 'ca-fort', kind: 'ca', folder } as const];
  const parts = { store, node: NODE, clock: () => NOW, log: SILENT_LOG, journals };
  return present(reconciliationJob.prepare(parts), 'the work of the job');
}

async function isDueIn(store: Store, work: SharedWork): Promise<boolean> {
  return unwrap(await store.read((reads) => work.due(reads))).length > 0;
}

function compareIn(store: Store, work: SharedWork): ReturnType<typeof workPrepared> {
  return workPrepared({ job: reconciliationJob, work, everyMs: reconciliationJob.everyMs }, sharedWorldOf(store));
}

describeOnEach('journals', ({ opened }) => {
  it('are compared again only when they have new lines', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const work = prepareFor(store, folder);
    await append(folder);
    assert.equal(await isDueIn(store, work), true);
    assert.deepEqual(await compareIn(store, work), ['done']);
    assert.equal(await isDueIn(store, work), false);
    await append(folder);
    assert.equal(await isDueIn(store, work), true);
  });

  it('are compared again after an older database was put in place, without a restart', async () => {
    const [store, older] = [await opened(), await opened()];
    const folder = temporaryFolder();
    await append(folder);
    const work = prepareFor(store, folder);
    await compareIn(store, work);
    assert.equal(await isDueIn(store, work), false);
    assert.equal(await isDueIn(older, work), true);
    assert.equal(await isDueIn(store, work), false);
  });
});
