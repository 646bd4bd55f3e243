/**
 * Outlets that nodes visit in turn. Without this test, a node that has not got a file itself could
 * keep the nodes that have it from delivering it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOutletDelivery, deliverToOutletsJob, readOutletStates } from '../../../src/jobs/lists/outlets.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { err, ok } from '../../../src/kernel/result.js';
import type { PublishedFile, RemoteOutlet } from '../../../src/ports/outlet.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { createDirectoryOutlet } from '../../../src/publish/directory-outlet.js';
import { describeOnEach, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { SILENT_LOG } from '../../support/status/authority.js';

describeOnEach('an outlet', ({ opened }) => {
  it('gets from one node at once what another one has not got, also after many visits of that one', async () => {
    // The clock stands still, so a pause would never end.
    const store = await opened({ clock: () => NOW });
    const folder = temporaryFolder();
    const content = new Uint8Array([1, 2, 3]);
    const file: PublishedFile = {
      scope: null,
      issuer: 'acr-fo' as IssuerId,
      fileName: 'CA.cer',
      sha256: sha256Hex(content),
      sizeBytes: content.length,
      number: null,
    };
    const outlet = createDirectoryOutlet({ name: 'web', path: folder, clock: () => NOW });
    async function* chunks() {
      yield content;
    }
    const nodeWith = (remote: RemoteOutlet, hasFile: boolean) => {
      const world = { clock: () => NOW, log: SILENT_LOG, issuerOf: () => null, published: async () => ok([file]) };
      const source = () => (hasFile ? [chunks()] : []);
      return createOutletDelivery(world, [{ outlet: remote, source }]);
    };
    const visit = (outlets: ReturnType<typeof nodeWith>) =>
      workDue(deliverToOutletsJob, { outlets }, sharedWorldOf(store));
    const stateOf = async () => unwrap(await store.read((reads) => readOutletStates(reads, ['web']))).get('web')?.state;

    const lacking = nodeWith(outlet, false);
    for (let visits = 0; visits < 3; visits += 1) assert.deepEqual(await visit(lacking), ['done']);
    assert.equal(await stateOf(), 'behind');
    assert.deepEqual(await visit(nodeWith(outlet, true)), ['done']);
    assert.equal(await stateOf(), 'current');
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'AC', 'CA.cer'))), content);

    const open = async () => err({ kind: 'outlet-unavailable', detail: 'a test' } as const);
    assert.deepEqual(await visit(nodeWith({ ...outlet, open }, true)), ['failed']);
    assert.equal(await stateOf(), 'down');
  });
});
