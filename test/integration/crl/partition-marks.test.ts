import assert from 'node:assert/strict';
import { keepPartitions } from '../../../src/operations/crl/partition-marks.js';
import type { Policy } from '../../../src/policy/model.js';
import { describeOnEach } from '../../support/db/fixture.js';

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
});
