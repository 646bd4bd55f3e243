/**
 * The end of a ceremony that was interrupted before its signature: the transcript names everybody
 * who opens the token again.
 */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { type Entry, entryAfter, entryLine } from '../../../../src/ceremony/transcript/transcript.js';
import { verifyTranscript } from '../../../../src/ceremony/verify/verify.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { type Disk, emptyDisk, Killed, NOW, testPlan, testPolicy } from '../../../support/ceremony/fake-world.js';
import { inMemory, linesOf, type Options } from '../../../support/ceremony/in-memory.js';

const SIGNATURE = 'ceremony/fort/transcript.sig';

describe('a ceremony that was interrupted before its signature', () => {
  const policy = testPolicy();
  const plan = testPlan('fort', policy);
  const memory = inMemory(policy, { now: NOW });
  const run = (disk: Disk, options?: Options) => memory.run(disk, plan, options);
  const actionsAfterEnd = (disk: Disk): readonly string[] => {
    const entries = linesOf(disk, 'fort').map((line): Entry => JSON.parse(line));
    return entries.slice(entries.findIndex(({ action }) => action === 'end') + 1).map(({ action }) => action);
  };
  const verified = (disk: Disk) => verifyTranscript(linesOf(disk, 'fort'), (path) => disk.files.get(path) ?? null);
  /** The disk after the process was killed before this effect, which is among the last. */
  const cutOff = async (effect: string): Promise<Disk> => {
    const disk = emptyDisk();
    const tamper = (name: string) => {
      if (name === effect) throw new Killed(name);
    };
    await assert.rejects(run(disk, { tamper }).outcome, Killed);
    return disk;
  };

  it('records who came again and that the token was opened, and signs those lines too', async () => {
    for (const effect of [`replace ${SIGNATURE}.draft`, 'discard root-fort/ceremony-fort']) {
      const disk = await cutOff(effect);
      assert.deepEqual(actionsAfterEnd(disk), []);
      const resumed = run(disk, { now: NOW + 60_000 });
      const outcome = await resumed.outcome;
      assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
      assert.deepEqual(actionsAfterEnd(disk), ['resume', 'roll-call', 'open-quorum', 'end']);
      const found = verified(disk);
      assert.ok(found.ok, found.ok ? '' : JSON.stringify(found.error));
      assert.equal(found.value.linesAfterSignature, 0, effect);
      assert.equal(outcome.value.head, found.value.head);
      assert.ok(resumed.effects.every((name) => !name.startsWith('sign ') || name === 'sign root-fort/ceremony-fort'));
    }
  });

  it('has those lines after the signature when its key is gone, and an audit counts them', async () => {
    const disk = await cutOff(`rename ${SIGNATURE}`);
    assert.equal(disk.tokens.get('root-fort')?.has('ceremony-fort'), false);
    const outcome = await run(disk, { now: NOW + 60_000 }).outcome;
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    const found = verified(disk);
    assert.ok(found.ok, found.ok ? '' : JSON.stringify(found.error));
    assert.equal(found.value.linesAfterSignature, 4);
    const again = run(disk, { now: NOW + 120_000 });
    const nothing = await again.outcome;
    assert.ok(nothing.ok);
    assert.deepEqual(again.effects, []);
  });

  it('records a missing quorum, and the next sitting ends the ceremony', async () => {
    const disk = await cutOff('discard root-fort/ceremony-fort');
    const nobody = { ask: ({ about }: { readonly about: string }) => (about === 'share' ? null : undefined) };
    const stopped = await run(disk, { now: NOW + 60_000, people: nobody }).outcome;
    assert.ok(!stopped.ok && stopped.error.kind === 'quorum-not-reached');
    assert.deepEqual(actionsAfterEnd(disk), ['resume', 'roll-call', 'stop']);
    assert.ok((await run(disk, { now: NOW + 120_000 }).outcome).ok);
    const found = verified(disk);
    assert.ok(found.ok && found.value.linesAfterSignature === 0);
  });

  it('does not accept a signature made before its end, or one of another ceremony', async () => {
    const disk = await cutOff('discard root-fort/ceremony-fort');
    const { privateKey } = disk.tokens.get('root-fort')?.get('ceremony-fort') ?? assert.fail();
    const lines = linesOf(disk, 'fort');
    const holds = (signature: Bytes): boolean =>
      verifyTranscript(lines, (path) => (path === SIGNATURE ? signature : (disk.files.get(path) ?? null))).ok;
    const over = (count: number): Bytes =>
      new Uint8Array(sign('sha256', utf8(`${lines.slice(0, count).join('\n')}\n`), privateKey));
    assert.ok(holds(over(lines.length)));
    for (let count = 1; count < lines.length; count += 1) assert.ok(!holds(over(count)), `${count} lines`);
    const other = await cutOff(`rename ${SIGNATURE}`);
    assert.ok(!holds(other.files.get(`${SIGNATURE}.draft`) ?? assert.fail()));
  });

  it('has no step after its end', async () => {
    const disk = emptyDisk();
    assert.ok((await run(disk).outcome).ok);
    const entries = linesOf(disk, 'fort').map((line): Entry => JSON.parse(line));
    const step = entries.find(({ action }) => action === 'sign-crl') ?? assert.fail();
    const end = entries.at(-1) ?? assert.fail();
    const more = entryAfter(end, { ...step, at: NOW });
    const lines = [...linesOf(disk, 'fort'), entryLine(more).trimEnd()];
    lines.push(entryLine(entryAfter(more, { ...end, at: NOW })).trimEnd());
    const found = verifyTranscript(lines, (path) => disk.files.get(path) ?? null);
    assert.ok(!found.ok && found.error.kind === 'line-altered' && found.error.line === entries.length + 1);
    assert.match(found.error.rule.en, /a line follows the end of the ceremony/);
  });
});
