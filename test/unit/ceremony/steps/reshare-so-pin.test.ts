/**
 * The PIN of a token's security officer is shared again when one of its holders leaves. The old
 * shares no longer open anything.
 */
import assert from 'node:assert/strict';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import type { PlanFile } from '../../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../../src/ceremony/plan/read.js';
import { splitLines } from '../../../../src/ceremony/transcript/transcript.js';
import { verifyTranscript } from '../../../../src/ceremony/verify/verify.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import {
  type Disk,
  emptyDisk,
  type FakeOptions,
  fakeWorld,
  Killed,
  NOW,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import { fortPlan, planOf } from '../../../support/ceremony/quorum-plans.js';
import { resetPlan, resharedSoPlan, sharing, withSharedSoPin } from '../../../support/ceremony/so-pin-plans.js';

const SO = sharing('Security officer', 3, 2);
const LATER = sharing('Later officer', 4, 3);
const NEXT = sharing('Next officer', 3, 2);
const HOUR_MS = 3_600_000;

describe('the new shares of a security officer’s PIN', () => {
  const policy = testPolicy();
  const made = emptyDisk();
  const reshared = resharedSoPlan(fortPlan(), { soQuorum: SO, quorum: LATER });
  const copyOf = (disk: Disk): Disk => ({ ...disk, files: new Map(disk.files), pins: new Map(disk.pins), refused: [] });
  const run = (disk: Disk, plan: PlanFile, options: Omit<FakeOptions, 'policy'> = {}) => {
    const fake = fakeWorld(disk, { policy, now: NOW + HOUR_MS, ...options });
    return { ...fake, outcome: performCeremony(fake.world, planOf(plan, policy)) };
  };
  const done = async (disk: Disk, plan: PlanFile, options: Omit<FakeOptions, 'policy'> = {}): Promise<void> => {
    const outcome = await run(disk, plan, options).outcome;
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    const text = new TextDecoder().decode(disk.files.get(`ceremony/${plan.id}/transcript.ndjson`));
    const verified = verifyTranscript(splitLines(text).lines, (path) => disk.files.get(path) ?? null);
    assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
  };
  const refusal = async (disk: Disk, plan: PlanFile, options: Omit<FakeOptions, 'policy'> = {}): Promise<string> => {
    const outcome = await run(disk, plan, options).outcome;
    assert.ok(!outcome.ok);
    const [fr = '', en = ''] = describeFailure(outcome.error).split(' / ');
    assert.ok(fr.length > 0 && en.length > 0 && fr !== en, `both languages: ${fr} / ${en}`);
    return en;
  };
  const soPin = (disk: Disk): string => disk.pins.get('root-fort SO') ?? assert.fail();

  before(() => done(made, withSharedSoPin(fortPlan(), SO), { now: NOW }));

  it('change that PIN, and leave the token’s user PIN and keys unchanged', async () => {
    const disk = copyOf(made);
    await done(disk, reshared);
    assert.notEqual(soPin(disk), soPin(made));
    assert.equal(disk.pins.get('root-fort'), made.pins.get('root-fort'));
    assert.ok(disk.files.has('ceremony/fort/root-so-shares/2/set.json'));
    for (const [path, content] of disk.files)
      assert.ok(!Buffer.from(content).toString('latin1').includes(soPin(disk)), path);
    // A year later they reset the token's PIN. The former holders open nothing, and the screen says
    // why.
    const now = NOW + 2 * HOUR_MS;
    const old = resetPlan(fortPlan(), { soQuorum: SO, quorum: NEXT, id: 'old' });
    assert.match(
      await refusal(copyOf(disk), old, { now }),
      /the number or the holders of the shares differ from the plan/,
    );
    const former = `ceremony/fort/root-so-shares/1/`;
    const [share = ''] = [...disk.files.keys()].filter((path) => path.startsWith(former) && !path.endsWith('set.json'));
    const shown: string[] = [];
    const answers = [share, '1', '2', '3'];
    const people = {
      ask: ({ about }: { readonly about: string }) => (about === 'share' ? (answers.shift() ?? null) : undefined),
      show: (line: string) => void shown.push(line),
    };
    await done(disk, resetPlan(fortPlan(), { soQuorum: LATER, quorum: NEXT }), { now, people });
    assert.match(
      shown.join('\n'),
      /share \d \(Security officer \d\) belongs to sharing 1, which was replaced: it opens nothing any more/,
    );
    assert.notEqual(disk.pins.get('root-fort'), made.pins.get('root-fort'));
  });

  it('are finished by the same people after a kill at any effect, with one PIN at a time', async () => {
    const undisturbed = run(copyOf(made), reshared);
    await undisturbed.outcome;
    assert.ok(undisturbed.effects.includes('change SO PIN root-fort'));
    for (let at = 1; at <= undisturbed.effects.length; at += 1)
      for (const when of ['before', 'after'] as const) {
        const disk = copyOf(made);
        await assert.rejects(run(disk, reshared, { kill: { at, when } }).outcome, Killed);
        await done(disk, reshared, { now: NOW + 2 * HOUR_MS });
        await done(disk, resetPlan(fortPlan(), { soQuorum: LATER, quorum: NEXT }), { now: NOW + 3 * HOUR_MS });
      }
  });

  it('reset no token PIN after an interruption before the ceremony is resumed', async () => {
    const { effects, outcome } = run(copyOf(made), reshared);
    await outcome;
    const at = effects.indexOf('change SO PIN root-fort') + 1;
    const disk = copyOf(made);
    await assert.rejects(run(disk, reshared, { kill: { at, when: 'after' } }).outcome, Killed);
    const reset = resetPlan(fortPlan(), { soQuorum: SO, quorum: NEXT });
    assert.match(await refusal(disk, reset), /root-fort-so.*its sharing 2 was interrupted: finish that ceremony first/);
    const skipping = resharedSoPlan(fortPlan(), { soQuorum: LATER, quorum: NEXT, generation: 3 });
    assert.match(await refusal(disk, { ...skipping, id: 'skip' }), /its sharing in force is 1: generation must be 2/);
  });

  it('of a generation that is in force already are refused to a new ceremony, which does nothing', async () => {
    const disk = copyOf(made);
    await done(disk, reshared);
    for (const quorum of [LATER, NEXT]) {
      const again = { ...resharedSoPlan(fortPlan(), { soQuorum: SO, quorum }), id: 'again' };
      const { effects, outcome } = run(disk, again, { now: NOW + 2 * HOUR_MS });
      const refused = await outcome;
      assert.ok(!refused.ok && refused.error.kind === 'output-exists');
      assert.equal(refused.error.path, 'ceremony/fort/root-so-shares/2/set.json');
      assert.deepEqual(effects, []);
    }
  });

  it('that an abandoned ceremony drew are refused to a new ceremony, which does not open them', async () => {
    const { effects, outcome } = run(copyOf(made), reshared);
    await outcome;
    const at = effects.indexOf('create ceremony/fort/root-so-shares/2/set.json') + 1;
    assert.ok(at > 0, effects.join('\n'));
    const disk = copyOf(made);
    await assert.rejects(run(disk, reshared, { kill: { at, when: 'after' } }).outcome, Killed);
    const again = { ...reshared, id: 'again' };
    const next = run(disk, again, { now: NOW + 2 * HOUR_MS });
    const refused = await next.outcome;
    assert.ok(!refused.ok && refused.error.kind === 'output-exists');
    assert.equal(refused.error.path, 'ceremony/fort/root-so-shares/2/set.json');
    assert.deepEqual(next.effects, []);
    assert.equal(soPin(disk), soPin(made));
  });

  it('exclude holders of the user PIN, follow the last generation, and precede the token’s opening', async () => {
    const faults = (plan: PlanFile): readonly string[] => {
      const read = readPlan(utf8(JSON.stringify(plan)), { file: 'p.json', policy });
      return read.ok ? [] : read.error.faults.map(({ pointer, message }) => `${pointer} ${message.en}`);
    };
    const officers = sharing('Development officer', 3, 2);
    assert.deepEqual(faults(resharedSoPlan(fortPlan(), { soQuorum: SO, quorum: officers })), [
      ...[0, 1, 2].map(
        (at) => `/steps/0/quorum/holders/${at} holds a share of the PIN as well: one person cannot hold two shares`,
      ),
    ]);
    const [step] = reshared.steps;
    assert.ok(step?.do === 'reshare-so-pin');
    const late: PlanFile = { ...reshared, steps: [{ do: 'read-key', token: 'root-fort', key: 'acr-fo' }, step] };
    assert.deepEqual(faults(late), [
      '/steps/1/token an earlier step opens this token already: this step must come before it',
    ]);
    assert.match(
      faults({ ...reshared, steps: [{ ...step, soQuorum: { ...SO, threshold: 4 } }] }).join(),
      /soQuorum\/threshold/,
    );
    assert.match(
      await refusal(copyOf(made), resharedSoPlan(fortPlan(), { soQuorum: SO, quorum: LATER, generation: 3 })),
      /root-so-shares\/2\/set\.json is needed first/,
    );
    // The set says who holds the token's PIN, whatever the plan says.
    const lying: PlanFile = {
      ...resharedSoPlan(fortPlan(), { soQuorum: SO, quorum: officers }),
      quorum: { ...NEXT, kind: 'shares', swap: 'allowed' },
    };
    assert.match(await refusal(copyOf(made), lying), /Development officer 1 holds a share of the token's PIN/);
  });
});
