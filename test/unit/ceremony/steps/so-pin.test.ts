/**
 * The PIN of a token's security officer: destroyed, or shared among separate people who can reset
 * the token's PIN.
 */
import assert from 'node:assert/strict';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import type { PlanFile } from '../../../../src/ceremony/plan/model.js';
import type { Question } from '../../../../src/ceremony/sitting/terminal.js';
import { type Disk, emptyDisk, Killed, NOW, testPolicy } from '../../../support/ceremony/fake-world.js';
import {
  copyOf,
  exampleFile,
  faultOf,
  inMemory,
  transcriptOf as transcript,
} from '../../../support/ceremony/in-memory.js';
import { fortPlan, resharePlan } from '../../../support/ceremony/quorum-plans.js';
import { resetPlan, sharing, withSharedSoPin } from '../../../support/ceremony/so-pin-plans.js';

const SO_SET = 'ceremony/fort/root-so-shares/1/set.json';
const SO = sharing('Security officer', 3, 2);
const NEXT = sharing('Next officer', 3, 2);

describe('the PIN of a security officer', () => {
  const policy = testPolicy();
  const made = emptyDisk();
  const fort = withSharedSoPin(fortPlan(), SO);
  const reset = resetPlan(fortPlan(), { soQuorum: SO, quorum: NEXT });
  const { run, done, refusal, killedAnywhere, faultsOf } = inMemory(policy, { now: NOW + 3_600_000 });
  const holds = (disk: Disk, id: string): void => assert.equal(faultOf(disk, id), null);
  /** Records which tokens' shares were asked for. */
  const watching = (asked: string[]) => ({
    ask(question: Question) {
      if (question.about === 'share') asked.push(/token (\S+):/.exec(question.en)?.[1] ?? question.en);
      return undefined;
    },
  });

  before(async () => {
    await done(made, fort, { now: NOW });
  });

  it('is in no file when it is shared, and its set and holders are in the transcript', () => {
    holds(made, 'fort');
    assert.match(transcript(made, 'fort'), /"soPin":"shared"/);
    assert.match(transcript(made, 'fort'), /"holder":"Security officer 3"/);
    assert.ok(made.files.has(SO_SET));
    const pin = made.pins.get('root-fort SO') ?? assert.fail();
    assert.match(pin, /^[A-Z2-7]{32}$/);
    for (const [path, content] of made.files) assert.ok(!Buffer.from(content).toString('latin1').includes(pin), path);
  });

  it('is known to nobody when the plan leaves it out or says `destroyed`', async () => {
    const destroyed = fortPlan().steps.map((step) =>
      step.do === 'initialise-token' ? { ...step, soPin: 'destroyed' as const } : step,
    );
    for (const plan of [fortPlan(), { ...fortPlan(), steps: destroyed }]) {
      const disk = emptyDisk();
      assert.ok((await run(disk, plan).outcome).ok);
      assert.equal(disk.pins.has('root-fort SO'), false);
      assert.match(transcript(disk, 'fort'), /"soPin":"destroyed"/);
      assert.match(
        await refusal(disk, reset, { now: NOW + 7_200_000 }),
        /root-so-shares\/1\/set\.json is needed first/,
      );
    }
  });

  it('lets its holders reset the token’s PIN for other officers, without any old share', async () => {
    const disk = copyOf(made);
    const old = disk.pins.get('root-fort');
    for (const path of [...disk.files.keys()]) if (/root-shares\/1\/[0-9a-f]{8}-\d/.test(path)) disk.files.delete(path);
    const outcome = await run(disk, reset).outcome;
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    holds(disk, 'reset');
    assert.notEqual(disk.pins.get('root-fort'), old);
    assert.match(transcript(disk, 'reset'), /"token":"root-fort-so"/);
    // The new officers open it from then on; the old shares are useless.
    const plan: PlanFile = { ...resharePlan(), id: 'third' };
    const [step] = plan.steps;
    assert.ok(step?.do === 'reshare-quorum');
    const later: PlanFile = {
      ...plan,
      quorum: { ...NEXT, kind: 'shares', swap: 'allowed' },
      steps: [{ ...step, generation: 3 }],
    };
    const again = await run(disk, later, { now: NOW + 7_200_000 }).outcome;
    assert.ok(again.ok, again.ok ? '' : describeFailure(again.error));
    assert.deepEqual(disk.refused, []);
  });

  it('lets the same people finish a reset after a kill at any effect', async () => {
    const effects = await killedAnywhere({ begun: () => copyOf(made), plan: reset }, () => undefined);
    assert.ok(effects.includes('reset PIN root-fort'));
  });

  it('allows to resume the initialisation of the token after a kill at any effect', async () => {
    const undisturbed = run(emptyDisk(), fort);
    await undisturbed.outcome;
    const created = undisturbed.effects.indexOf('create token root-fort') + 2;
    for (let at = 1; at <= created; at += 1) {
      const disk = emptyDisk();
      await assert.rejects(run(disk, fort, { kill: { at, when: 'after' } }).outcome, Killed);
      const outcome = await run(disk, fort, { now: NOW + 7_200_000 }).outcome;
      assert.ok(outcome.ok, outcome.ok ? '' : `effect ${at}: ${describeFailure(outcome.error)}`);
      holds(disk, 'fort');
    }
  });

  it('has its set in a back-up of the token, and restored with the token', async () => {
    const disk = copyOf(made);
    assert.ok((await run(disk, exampleFile('back-up-root')).outcome).ok);
    const set = disk.files.get(SO_SET) ?? assert.fail();
    disk.files.delete(SO_SET);
    disk.tokens.delete('root-fort');
    assert.ok((await run(disk, exampleFile('restore-root'), { now: NOW + 7_200_000 }).outcome).ok);
    assert.deepEqual(disk.files.get(SO_SET), set);
  });

  it('has shares that prevent a new token when they exist, and stay unchanged', async () => {
    const disk = emptyDisk();
    disk.files.set(SO_SET, made.files.get(SO_SET) ?? assert.fail());
    assert.match(await refusal(disk, fort), /root-so-shares\/1\/set\.json exists already/);
    assert.equal(disk.files.size, 1);
  });

  it('does not open with fewer shares than the threshold, and the token is not tried', async () => {
    const disk = copyOf(made);
    const asked: string[] = [];
    const ask = (question: Question) => {
      watching(asked).ask(question);
      return question.about === 'share' && question.given.length === 1 ? null : undefined;
    };
    const one = run(disk, reset, { people: { ask } });
    const outcome = await one.outcome;
    assert.ok(!outcome.ok);
    assert.match(describeFailure(outcome.error), /token root-fort-so: 1 of the 2 required shares/);
    assert.equal(one.effects.includes('reset PIN root-fort'), false);
  });

  it('has no holder with a share of the user PIN, in the first plan or a later one', async () => {
    const both = { ...SO, holders: sharing('Development  OFFICER', 3, 2).holders };
    const twice = faultsOf(withSharedSoPin(fortPlan(), both));
    assert.ok(
      twice.includes('/steps/0/soPin/holders/0 holds a share of the PIN as well: one person cannot hold two shares'),
    );
    assert.ok(
      faultsOf(resetPlan(fortPlan(), { soQuorum: SO, quorum: SO })).includes(
        '/steps/0/soQuorum/holders/2 holds a share of the PIN as well: one person cannot hold two shares',
      ),
    );
    const plan = resharePlan();
    const [step] = plan.steps;
    assert.ok(step?.do === 'reshare-quorum');
    const taking = { ...plan, people: [...plan.people, ...fort.people], steps: [{ ...step, quorum: SO }] };
    assert.match(await refusal(copyOf(made), taking), /Security officer 1 holds a share of the security officer's PIN/);
  });

  it('is shared for a root token only, by people present, and used before other openings', () => {
    const steps = fortPlan().steps.map((step) => (step.do === 'initialise-token' ? { ...step, soPin: SO } : step));
    const found = faultsOf({ ...fort, steps });
    assert.ok(found.some((fault) => /^\/steps\/1\/soPin the PIN of this token is itself in a file/.test(fault)));
    assert.ok(!found.some((fault) => fault.startsWith('/steps/0')));
    const absent = faultsOf({ ...fort, people: fortPlan().people });
    assert.match(
      absent.join('\n'),
      /\/steps\/0\/soPin\/holders\/0\/name Security officer 1 .* is no officer of \/people/,
    );
    const [step] = reset.steps;
    assert.ok(step !== undefined);
    const late = faultsOf({ ...reset, steps: [{ do: 'read-key', token: 'root-fort', key: 'acr-fo' }, step] });
    assert.match(late.join('\n'), /\/steps\/1\/token an earlier step opens this token already/);
    assert.match(
      faultsOf(withSharedSoPin(fortPlan(), { ...SO, threshold: 4 })).join('\n'),
      /soPin\/threshold the threshold is above/,
    );
  });
});
