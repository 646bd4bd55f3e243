/**
 * A re-sharing that stopped after its shares were made: whatever people do next, some shares open
 * the token.
 */
import assert from 'node:assert/strict';
import type { PlanFile } from '../../../../src/ceremony/plan/model.js';
import { CeremonyTokenError } from '../../../../src/ceremony/world.js';
import { type Disk, emptyDisk, Killed, NOW, testPolicy } from '../../../support/ceremony/fake-world.js';
import { copyOf, faultOf, inMemory } from '../../../support/ceremony/in-memory.js';
import { fortPlan, resharePlan } from '../../../support/ceremony/quorum-plans.js';
import { resetPlan, sharing, withSharedSoPin } from '../../../support/ceremony/so-pin-plans.js';

const SHARES = 'ceremony/fort/root-shares';
const SO = sharing('Security officer', 3, 2);
const NEXT = sharing('Next officer', 3, 2);
const HOUR_MS = 3_600_000;

describe('a re-sharing that stopped', () => {
  const { run, done, refusal } = inMemory(testPolicy(), { now: NOW + HOUR_MS });
  const made = emptyDisk();
  const reshare = resharePlan();
  /** Another ceremony than the one that stopped, with the same or another generation. */
  const anew = (plan: PlanFile, generation: number): PlanFile => ({
    ...plan,
    id: 'anew',
    steps: plan.steps.map((step) => (step.do === 'reshare-quorum' ? { ...step, generation } : step)),
  });
  const reset = resetPlan(fortPlan(), { soQuorum: SO, quorum: NEXT });
  const pinOf = (disk: Disk): string => disk.pins.get('root-fort') ?? assert.fail();
  const filesBelow = (disk: Disk, folder: string) => [...disk.files.keys()].filter((path) => path.startsWith(folder));
  const moveFolder = (disk: Disk, from: string, to: string): void => {
    for (const path of filesBelow(disk, `${SHARES}/${from}/`)) {
      disk.files.set(path.replace(`${SHARES}/${from}/`, `${SHARES}/${to}/`), disk.files.get(path) ?? assert.fail());
      disk.files.delete(path);
    }
  };
  /** The next ceremony, which the holders of the last sharing open. */
  const opens = async (disk: Disk, last: PlanFile): Promise<void> => {
    const [step] = last.steps;
    assert.ok(step?.do === 'reshare-quorum');
    const next = { ...resharePlan(), id: 'next', quorum: { kind: 'shares' as const, ...step.quorum } };
    await done(disk, { ...anew(next, 3), id: 'next' }, { now: NOW + 9 * HOUR_MS });
  };
  /** The disk after the token refused the new PIN. */
  const refused = async (): Promise<Disk> => {
    const disk = copyOf(made);
    const tamper = (effect: string) => {
      if (effect === 'change PIN root-fort') throw new CeremonyTokenError({ fr: 'pas maintenant', en: 'not now' });
    };
    assert.match(await refusal(disk, reshare, { tamper }), /^token-trouble: /);
    assert.ok(disk.files.has(`${SHARES}/2/changing.json`));
    return disk;
  };
  /** The disks after an interruption at each effect that follows the new shares. */
  const interrupted = async (): Promise<readonly Disk[]> => {
    const { effects, outcome } = run(copyOf(made), reshare);
    assert.ok((await outcome).ok);
    const first = effects.indexOf(`create ${SHARES}/2/set.json`) + 1;
    const last = effects.indexOf(`create ${SHARES}/2/in-force.json`);
    assert.ok(first > 0 && last > first);
    const disks: Disk[] = [];
    for (let at = first; at <= last; at += 1) {
      const disk = copyOf(made);
      await assert.rejects(run(disk, reshare, { kill: { at, when: 'after' } }).outcome, Killed);
      disks.push(disk);
    }
    return disks;
  };

  before(() => done(made, withSharedSoPin(fortPlan(), SO), { now: NOW }));

  it('is followed by no sharing with a later number, and its own ceremony finishes it', async () => {
    for (const disk of [await refused(), ...(await interrupted())]) {
      const pin = pinOf(disk);
      for (const plan of [anew(reshare, 3), anew(reset, 3)]) {
        const tried = copyOf(disk);
        assert.match(
          await refusal(tried, plan, { now: NOW + 2 * HOUR_MS }),
          /^quorum-unfit: .*its sharing in force is 1: generation must be 2/,
        );
        assert.deepEqual([pinOf(tried), filesBelow(tried, `${SHARES}/3/`), tried.refused], [pin, [], []]);
      }
      await done(disk, reshare, { now: NOW + 3 * HOUR_MS });
      assert.equal(faultOf(disk, reshare.id), null);
      await opens(disk, reshare);
    }
  });

  it('is planned again after its folder is moved away, and put back if the token has its PIN', async () => {
    let putBack = 0;
    for (const disk of [await refused(), ...(await interrupted())]) {
      const hasOldPin = pinOf(disk) === pinOf(made);
      assert.match(await refusal(copyOf(disk), anew(reshare, 2)), /^output-exists: /);
      moveFolder(disk, '2', '2-stopped');
      if (hasOldPin) {
        await done(disk, anew(reshare, 2), { now: NOW + 2 * HOUR_MS });
        assert.equal(faultOf(disk, 'anew'), null);
      } else {
        putBack += 1;
        const outcome = await run(disk, anew(reshare, 2), { now: NOW + 2 * HOUR_MS }).outcome;
        assert.ok(!outcome.ok && outcome.error.kind === 'token-trouble');
        assert.deepEqual(disk.refused, ['root-fort']);
        assert.deepEqual(filesBelow(disk, `${SHARES}/2/`), []);
        moveFolder(disk, '2-stopped', '2');
        await done(disk, reshare, { now: NOW + 3 * HOUR_MS });
      }
      await opens(disk, reshare);
    }
    assert.equal(putBack, 1);
  });

  it('is planned again with the security officer’s PIN after its folder is moved away, whatever PIN the token has', async () => {
    for (const disk of [await refused(), ...(await interrupted())]) {
      moveFolder(disk, '2', '2-stopped');
      await done(disk, anew(reset, 2), { now: NOW + 2 * HOUR_MS });
      assert.equal(faultOf(disk, 'anew'), null);
      await opens(disk, reset);
    }
  });
});
