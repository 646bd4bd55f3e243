/**
 * On a real token, the holders of its security officer's PIN set another token PIN, and the keys
 * stay the same.
 */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanFile } from '../../../src/ceremony/plan/model.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { performPlayed } from '../../support/ceremony/performed.js';
import { resetPlan, sharing, withSharedSoPin } from '../../support/ceremony/so-pin-plans.js';
import { withoutCmpSigners } from '../../support/ceremony/without-cmp.js';

const PLANS = join(packageRoot(), 'policies/ceremonies');
const SO = sharing('Responsable', 3, 2);
const NEXT = sharing('Suivante', 3, 2);

describe('the PIN of the security officer of a SoftHSM token', () => {
  it('sets another PIN when the shares of the first are lost, and the same key signs the next list', async () => {
    const home = await temporaryFolder('pfcng-so-');
    const read = async (name: string): Promise<PlanFile> =>
      JSON.parse(await readFile(join(PLANS, `${name}.json`), 'utf8'));
    const perform = async (plan: PlanFile): Promise<string> => {
      const planFile = join(home, `${plan.id}.json`);
      await writeFile(planFile, JSON.stringify(plan));
      return performPlayed(home, planFile);
    };
    const fort = withoutCmpSigners(await read('development/fort'));
    assert.equal(await perform(withSharedSoPin(fort, SO)), 'performed');
    const shares = join(home, 'ceremony/fort/root-shares/1');
    for (const name of await readdir(shares)) if (name !== 'set.json') await rm(join(shares, name));
    await rm(join(home, 'officers/root-fort'), { recursive: true });
    const { transcriptKey: _, ...unsigned } = fort;
    assert.equal(await perform(resetPlan(unsigned, { soQuorum: SO, quorum: NEXT })), 'performed');
    const yearly = await read('examples/yearly-crl');
    assert.match(await perform(yearly), /le nombre ou les porteurs des parts diffèrent de ceux du plan/);
    await rm(join(home, 'ceremony/fort-crl-2'), { recursive: true });
    assert.equal(await perform({ ...yearly, quorum: { kind: 'shares', swap: 'allowed', ...NEXT } }), 'performed');
    for (const id of ['fort', 'reset', 'fort-crl-2']) {
      const verified = await verifyFile(join(home, 'ceremony', id, 'transcript.ndjson'));
      assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    }
  });
});
