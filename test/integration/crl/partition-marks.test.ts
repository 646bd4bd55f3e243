import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { keepPartitions } from '../../../src/operations/crl/partition-marks.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import type { Policy } from '../../../src/policy/model.js';
import { createHistories } from '../../support/crl/histories.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { createStatusAuthority } from '../../support/status/authority.js';

type Counts = Readonly<Record<string, number>>;
const policyWith = (partitions: Counts) => ({ environment: { crl: { partitions } } }) as unknown as Policy;

describeOnEach('the number of partitions of an authority', ({ opened }) => {
  it('may increase and never decreases, not even to none or after a restart without partitions', async () => {
    const store = await opened();
    const start = (partitions: Counts) => keepPartitions(store, policyWith(partitions));
    assert.ok((await start({})).ok);
    assert.ok((await start({ 'aci-el-org': 4 })).ok);
    assert.ok((await start({ 'aci-el-org': 8, 'aci-fo-pp': 2 })).ok);
    for (const fewer of [{ 'aci-el-org': 7, 'aci-fo-pp': 2 }, { 'aci-fo-pp': 2 }, { 'aci-el-org': 8 }, {}]) {
      const refused = await start(fewer);
      assert.ok(!refused.ok && refused.error.kind === 'fewer-partitions', JSON.stringify(fewer));
      assert.match(refused.error.detail, /lists of (8|2): .* Put (8|2) or more$/);
    }
    assert.ok((await start({ 'aci-el-org': 8, 'aci-fo-pp': 2 })).ok);
  });

  it('is more than a running node knows, after another one got a new policy: it makes no list without them', async () => {
    const store = await withRun(await opened());
    const authority = createStatusAuthority();
    const nodeWith = (partitions: Counts) =>
      createHistories({ store, authority, generation: 2, certificates: [], now: NOW, crl: { partitions } });
    const [older, newer] = [nodeWith({ 'test-ca': 1 }), nodeWith({ 'test-ca': 2 })];
    for (const { world } of [older, newer]) unwrap(await keepPartitions(store, world.policy));
    const logged = () => store.read((reads) => reads.auditHead());
    const before = unwrap(await logged());
    for (const kind of ['full', 'delta'] as const) {
      const refused = await publishCrl(older.world, older.issuer.id, kind);
      assert.ok(!refused.ok && refused.error.kind === 'state-conflict', JSON.stringify(refused));
      assert.equal(refused.error.rule, 'crl-partitions-known');
      assert.match(refused.error.message.en, /other nodes publish 2 partitions of test-ca-2, .* this node has 1:/);
    }
    assert.deepEqual(unwrap(await logged()), before, 'no number was reserved');
    unwrap(await publishCrl(newer.world, newer.issuer.id));
    assert.deepEqual(newer.lists.flatMap(({ name }) => (name.includes('delta') ? [] : [name])).sort(), [
      'TEST-CA-2-p0.crl',
      'TEST-CA-2-p1.crl',
      'TEST-CA-2.crl',
    ]);
    for (const { folder } of [older, newer, authority]) rmSync(folder, { recursive: true });
  });
});
