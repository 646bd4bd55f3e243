/** Guards of a ceremony with a quorum: codes, passphrases, the machine, and the HSM. */
import assert from 'node:assert/strict';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import type { CeremonyPlan, PlanFile } from '../../../../src/ceremony/plan/model.js';
import type { Question } from '../../../../src/ceremony/sitting/terminal.js';
import { type Disk, emptyDisk, fakeWorld, NOW, testPolicy } from '../../../support/ceremony/fake-world.js';
import { faultOf, inMemory, type Options, transcriptOf as transcript } from '../../../support/ceremony/in-memory.js';
import { fortPlan, planOf } from '../../../support/ceremony/quorum-plans.js';

describe('a ceremony with a quorum', () => {
  const policy = testPolicy();
  const fort = planOf(fortPlan(), policy);
  const memory = inMemory(policy, { now: NOW + 3_600_000 });
  const run = (disk: Disk, plan: CeremonyPlan, options?: Options) => memory.run(disk, plan, options).outcome;
  const holds = (disk: Disk, id: string): void => assert.equal(faultOf(disk, id), null);

  it('signs only after the code is typed back; another code is asked for again, none stops it', async () => {
    const disk = emptyDisk();
    const codes = ['0000 0000'];
    const answering = (question: Question) =>
      question.about !== 'code' ? undefined : codes.length > 0 ? codes.shift() : null;
    const { world, effects } = fakeWorld(disk, { policy, people: { ask: answering } });
    const outcome = await performCeremony(world, fort);
    assert.ok(!outcome.ok && outcome.error.kind === 'given-up');
    assert.deepEqual(
      effects.filter((effect) => effect.startsWith('sign ')),
      [],
    );
    assert.match(transcript(disk, 'fort'), /"action":"try-again".*"kind":"code-differs"/);
    assert.match(transcript(disk, 'fort'), /"action":"stop".*the signature of authorities\/acr-fo\.cer: interrupted/);
    assert.ok((await run(disk, fort)).ok);
    holds(disk, 'fort');
  });

  it('takes only the confirmed word for a refusal, and records it; what else is typed is asked for again', async () => {
    const disk = emptyDisk();
    const typed = ['', 'refuserr', 'refuser', 'x'.repeat(5000), 'refuse'];
    const confirmed = ['', 'n', 'oui'];
    const ask = ({ about }: Question) =>
      about === 'code' ? typed.shift() : about === 'refusal' ? confirmed.shift() : undefined;
    const refused = await run(disk, fort, { people: { ask } });
    assert.ok(!refused.ok && refused.error.kind === 'refused');
    assert.deepEqual([typed, confirmed], [[], []]);
    assert.match(transcript(disk, 'fort'), /"action":"refuse".*the signature of authorities\/acr-fo\.cer: refused/);
    assert.equal(transcript(disk, 'fort').match(/"action":"try-again"/g)?.length, 2);
    assert.ok((await run(disk, fort)).ok);
    holds(disk, 'fort');
  });

  it('asks again for a passphrase that is short or differs the second time', async () => {
    const typed = [
      'short',
      'éééééé',
      'first long passphrase',
      'another long passphrase',
      'a passphrase of mine',
      'a passphrase of mine',
    ];
    const shown: string[] = [];
    const people = {
      askSecret: ({ holder }: { readonly holder: string }) => (holder.endsWith('1') ? typed.shift() : undefined),
      show: (line: string) => void shown.push(line),
    };
    assert.ok((await run(emptyDisk(), fort, { people })).ok);
    assert.deepEqual(typed, []);
    assert.ok(shown.some((line) => line.includes('at least 12 characters')));
    assert.ok(shown.some((line) => line.includes('the two entries differ')));
  });

  it('refuses a machine with swap, core dumps or a debugger unless a development plan allows swap', async () => {
    const strict = planOf({ ...fortPlan(), quorum: { ...fortPlan().quorum, swap: undefined } }, policy);
    const disk = emptyDisk();
    for (const [machine, by, words] of [
      [{ swap: true }, 'swap', /`swapoff -a` \/ this machine has swap/],
      [{ coreDumps: true }, 'core-dumps', /`ulimit -c 0`, .* \/ a core dump of this process/],
      [{ debugging: true }, 'debugging', / \/ this process has a debugger/],
    ] as const) {
      const refused = await run(disk, strict, { machine });
      assert.ok(!refused.ok && refused.error.kind === 'memory-exposed' && refused.error.by === by);
      assert.match(describeFailure(refused.error), words);
      assert.equal(disk.files.size, 0);
      assert.ok((await run(emptyDisk(), fort, { machine })).ok);
    }
    assert.ok((await run(disk, strict)).ok);
  });

  it('waits for the HSM’s quorum where the HSM has one', async () => {
    const base = fortPlan();
    const later: PlanFile = {
      ...base,
      id: 'fort-hsm',
      quorum: { kind: 'hsm', shares: 5, threshold: 3 },
      tokens: base.tokens.map((token) => (token.kind === 'root' ? { ...token, pin: { kind: 'hsm' } } : token)),
      steps: base.steps.filter((step) => !(step.do === 'initialise-token' && step.token === 'root-fort')),
    };
    const disk = emptyDisk();
    disk.tokens.set('root-fort', new Map());
    const gone = await run(disk, planOf(later, policy), {
      people: { ask: ({ about }) => (about === 'hsm' ? null : undefined) },
    });
    assert.ok(!gone.ok && gone.error.kind === 'given-up');
    // A stray Enter does not say that the token is open.
    const typed = ['', 'oui', 'fait'];
    const waited = await run(disk, planOf(later, policy), {
      people: { ask: ({ about }) => (about === 'hsm' ? typed.shift() : undefined) },
    });
    assert.ok(waited.ok, waited.ok ? '' : describeFailure(waited.error));
    assert.deepEqual(typed, []);
    assert.match(transcript(disk, 'fort-hsm'), /"action":"open-quorum".*"by":"hsm"/);
    holds(disk, 'fort-hsm');
  });
});
