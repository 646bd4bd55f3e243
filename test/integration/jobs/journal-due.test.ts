/**
 * When the journal of a signer is compared. Without it, idle nodes would take a lease for each
 * journal every minute.
 */
import assert from 'node:assert/strict';
import { openJournal } from '../../../hsm/signer/journal.js';
import { reconcile } from '../../../src/jobs/journals/reconcile.js';
import type { NodeId } from '../../../src/ports/node.js';
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

describeOnEach('journals', ({ opened }) => {
  it('are compared again only when they have new lines', async () => {
    const store = await opened();
    const folder = temporaryFolder();
    const journals = [{ token: 'ca-fort', kind: 'ca', folder } as const];
    const work = reconcile.prepare({ store, node: NODE, clock: () => NOW, log: SILENT_LOG, journals });
    assert.ok(work !== null);
    const isDue = async (): Promise<boolean> => unwrap(await store.read((reads) => work.due(reads))).length > 0;
    const compare = () => workPrepared({ job: reconcile, work, everyMs: reconcile.everyMs }, sharedWorldOf(store));
    await append(folder);
    assert.equal(await isDue(), true);
    assert.deepEqual(await compare(), ['done']);
    assert.equal(await isDue(), false);
    await append(folder);
    assert.equal(await isDue(), true);
  });
});
