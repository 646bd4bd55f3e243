/**
 * The quorum of a root token: who can open it, which faults are found before the token sees a PIN,
 * and what a power cut leaves.
 */
import assert from 'node:assert/strict';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import type { CeremonyPlan, PlanFile } from '../../../../src/ceremony/plan/model.js';
import type { Question } from '../../../../src/ceremony/sitting/terminal.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import {
  type Disk,
  emptyDisk,
  fakeWorld,
  Killed,
  NOW,
  passphraseOf,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import {
  copyOf,
  exampleFile,
  faultOf,
  inMemory,
  type Options,
  transcriptOf as transcript,
} from '../../../support/ceremony/in-memory.js';
import { fortPlan, planOf, resharePlan, sameOfficersPlan } from '../../../support/ceremony/quorum-plans.js';

const SHARES = 'ceremony/fort/root-shares';
const PHRASE = passphraseOf('Development officer 1');

const shareFile = (disk: Disk, number: number, generation = 1): string =>
  [...disk.files.keys()].find((path) => path.match(`^${SHARES}/${generation}/[0-9a-f]{8}-${number}\\.json$`)) ??
  assert.fail(`share ${number}`);

/** Answers the questions for the next share with these, one after the other, and then as usual. */
const bringing = (...answers: readonly (string | null)[]) => {
  const waiting = [...answers];
  return {
    ask: (question: Question) => (question.about === 'share' && waiting.length > 0 ? waiting.shift() : undefined),
  };
};

/** The first share, the message about it, and its kind in the transcript. */
const FAULTY: readonly {
  readonly title: string;
  /** `other`: the disk of a separate ceremony. */
  readonly given: (disk: Disk, other: Disk) => readonly string[];
  readonly kind: string;
  readonly words: RegExp;
}[] = [
  {
    title: 'a share given twice',
    given: () => ['2', '2'],
    kind: 'share-twice',
    words: /share 2 \(Development officer 2\) has been given already/,
  },
  {
    title: 'a copy of a share that was given already',
    given: (disk) => {
      disk.files.set('/media/usb/share.json', disk.files.get(shareFile(disk, 2)) ?? assert.fail());
      return ['2', '/media/usb/share.json'];
    },
    kind: 'share-twice',
    words: /share 2 \(Development officer 2\) has been given already/,
  },
  {
    title: 'a share number that does not exist',
    given: () => ['6'],
    kind: 'share-missing',
    words: /there is no share 6/,
  },
  { title: 'a passphrase for a share', given: () => [PHRASE], kind: 'share-missing', words: /neither the number of a/ },
  {
    title: 'a share of another CA',
    given(disk, other) {
      const share = new TextDecoder().decode(other.files.get(shareFile(other, 1)));
      const elsewhere = share.replaceAll('root-fort', 'root-standard').replaceAll('"fort"', '"standard"');
      disk.files.set('/media/usb/other.json', utf8(elsewhere));
      return ['/media/usb/other.json'];
    },
    kind: 'share-of-another',
    words: /share 1 \(Development officer 1\) belongs to another share set, that of token root-standard/,
  },
  {
    title: 'a share with one changed byte of ciphertext',
    given(disk) {
      const path = shareFile(disk, 3);
      const text = new TextDecoder().decode(disk.files.get(path));
      disk.files.set(
        path,
        utf8(text.replace(/"box":"(.)/, (_, first: string) => `"box":"${first === 'A' ? 'B' : 'A'}`)),
      );
      return ['3'];
    },
    kind: 'share-corrupted',
    words: /share 3 is damaged: bring another copy of it/,
  },
  {
    title: 'a share in a truncated file',
    given(disk) {
      const path = shareFile(disk, 3);
      disk.files.set(path, (disk.files.get(path) ?? assert.fail()).slice(0, 200));
      return ['3'];
    },
    kind: 'share-corrupted',
    words: /share 3 is damaged/,
  },
];

describe('the quorum of a root token', () => {
  const policy = testPolicy();
  const fort = planOf(fortPlan(), policy);
  const reshare = planOf(resharePlan(), policy);
  let made: Disk;
  before(async () => {
    made = emptyDisk();
    const outcome = await performCeremony(fakeWorld(made, { policy }).world, fort);
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
  });

  const memory = inMemory(policy, { now: NOW + 3_600_000 });
  const run = (disk: Disk, plan: CeremonyPlan, options?: Options) => memory.run(disk, plan, options).outcome;
  const holds = (disk: Disk, id: string): void => assert.equal(faultOf(disk, id), null);

  it('leaves neither the PIN nor a passphrase in any file, and its transcript names each holder', () => {
    const pin = made.pins.get('root-fort') ?? assert.fail();
    assert.match(pin, /^[A-Z2-7]{32}$/);
    for (const [path, content] of made.files) {
      const text = Buffer.from(content).toString('latin1');
      assert.ok(!text.includes(pin), path);
      for (let number = 1; number <= 5; number += 1)
        assert.ok(!text.includes(passphraseOf(`Development officer ${number}`)), path);
    }
    assert.match(transcript(made, 'fort'), /"holder":"Development officer 5","number":5,/);
    assert.match(transcript(made, 'fort'), /"soPin":"destroyed"/);
  });

  it('opens with any three of the five', async () => {
    for (const numbers of [
      ['5', '4', '3'],
      ['1', '3', '5'],
      ['2', '4', '1'],
    ]) {
      const disk = copyOf(made);
      const outcome = await run(disk, reshare, { people: bringing(...numbers) });
      assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
      assert.deepEqual(disk.refused, []);
    }
  });

  it('opens with the files that the holders took along, of which none stayed on the machine', async () => {
    const disk = copyOf(made);
    const paths = [5, 2, 3].map((number) => {
      const file = shareFile(disk, number);
      const path = `/media/usb/share-${number}.json`;
      disk.files.set(path, disk.files.get(file) ?? assert.fail());
      return path;
    });
    for (const number of [1, 2, 3, 4, 5]) disk.files.delete(shareFile(disk, number));
    const outcome = await run(disk, reshare, { people: bringing('1', ...paths) });
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    assert.match(transcript(disk, 'fort-reshare'), /"kind":"share-missing"/);
  });

  it('opens when one share is lost, and not when too many are', async () => {
    const disk = copyOf(made);
    for (const number of [1, 4]) disk.files.delete(shareFile(disk, number));
    assert.ok((await run(disk, reshare)).ok);
    assert.match(transcript(disk, 'fort-reshare'), /there is no share 1/);
    holds(disk, 'fort-reshare');
    const left = copyOf(made);
    for (const number of [1, 2, 4]) left.files.delete(shareFile(left, number));
    const refused = await run(left, reshare);
    assert.ok(!refused.ok && refused.error.kind === 'quorum-not-reached');
  });

  it('does not open with two, tries nothing on the token, and records that', async () => {
    const disk = copyOf(made);
    const outcome = await run(disk, reshare, { people: bringing('1', '2', null) });
    assert.ok(!outcome.ok);
    assert.match(
      describeFailure(outcome.error),
      /parts acceptées 2, nécessaires 3 ;.* \/ token root-fort: 2 of the 3 required shares, its PIN was not reconstructed/,
    );
    assert.deepEqual([disk.refused, disk.pins.get('root-fort')], [[], made.pins.get('root-fort')]);
    assert.match(transcript(disk, 'fort-reshare'), /"action":"stop".*quorum-not-reached/);
    // The officers come back another day.
    assert.ok((await run(disk, reshare)).ok);
    holds(disk, 'fort-reshare');
  });

  for (const { title, given, kind, words } of FAULTY)
    it(`reports ${title} before the token sees a PIN, and opens with the other shares`, async () => {
      const disk = copyOf(made);
      const shown: string[] = [];
      const other = emptyDisk();
      await performCeremony(fakeWorld(other, { policy }).world, fort);
      const answers = [...given(disk, other), ...['1', '4', '5'].filter((number) => number !== '2')];
      const people = { ...bringing(...answers), show: (line: string) => void shown.push(line) };
      const outcome = await run(disk, reshare, { people });
      assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
      assert.ok(
        shown.some((line) => words.test(line)),
        shown.join('\n'),
      );
      assert.match(transcript(disk, 'fort-reshare'), new RegExp(`"action":"try-again".*"kind":"${kind}"`));
      assert.ok(!transcript(disk, 'fort-reshare').includes(PHRASE), 'what may be a passphrase is not recorded');
      assert.deepEqual(disk.refused, []);
      holds(disk, 'fort-reshare');
    });

  it('detects any changed byte in a share or its set before the token sees a PIN', async () => {
    const places = { [shareFile(made, 1)]: 97, [`${SHARES}/1/set.json`]: 211 };
    for (const [path, stride] of Object.entries(places)) {
      const sound = made.files.get(path) ?? assert.fail();
      for (let at = 3; at < sound.length; at += stride) {
        const disk = copyOf(made);
        const altered = sound.slice();
        altered[at] = (altered[at] ?? 0) ^ 1;
        disk.files.set(path, altered);
        const outcome = await run(disk, reshare, { people: bringing('1', '2', '3', null) });
        assert.ok(!outcome.ok, `${path}, byte ${at}`);
        assert.deepEqual(disk.refused, []);
        assert.equal(disk.pins.get('root-fort'), made.pins.get('root-fort'));
      }
    }
  });

  it('reports a wrong passphrase three times, and another officer may come instead', async () => {
    const disk = copyOf(made);
    let wrong = 0;
    const people = {
      ...bringing('1', '2', '3', '4'),
      askSecret: ({ holder }: { readonly holder: string }) => {
        if (holder !== 'Development officer 1') return undefined;
        wrong += 1;
        return 'not my passphrase';
      },
    };
    const outcome = await run(disk, reshare, { people });
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    assert.equal(wrong, 3);
    const reports = transcript(disk, 'fort-reshare').match(/that is not the passphrase of share 1/g);
    assert.equal(reports?.length, 3);
  });

  it('refuses a plan with other holders or another threshold than those of the shares', async () => {
    const [first, ...others] = fortPlan().people;
    const edits: readonly ((plan: PlanFile) => PlanFile)[] = [
      (plan) => ({ ...plan, quorum: { ...fortPlan().quorum, threshold: 2 } as PlanFile['quorum'] }),
      (plan) => JSON.parse(JSON.stringify(plan).replaceAll('Development officer 4', 'Somebody else')),
    ];
    assert.ok(first && others.length > 0);
    for (const edit of edits) {
      const disk = copyOf(made);
      const outcome = await run(disk, planOf(resharePlan(edit), policy));
      assert.ok(!outcome.ok);
      assert.match(
        describeFailure(outcome.error),
        /root-fort: the number or the holders of the shares differ from the plan/,
      );
      assert.deepEqual(disk.refused, []);
    }
  });

  it('opens with the new shares after a re-sharing, and reports that old ones were replaced', async () => {
    const disk = copyOf(made);
    assert.ok((await run(disk, reshare)).ok);
    assert.notEqual(disk.pins.get('root-fort'), made.pins.get('root-fort'));
    const again = resharePlan((plan) => ({
      ...plan,
      id: 'fort-again',
      quorum: { kind: 'shares', ...(plan.steps[0]?.do === 'reshare-quorum' ? plan.steps[0].quorum : assert.fail()) },
      steps: plan.steps.map((step) => ({ ...step, generation: 3 })),
    }));
    const shown: string[] = [];
    const people = { ...bringing(shareFile(disk, 1, 1), '1', '2'), show: (line: string) => void shown.push(line) };
    const outcome = await run(disk, planOf(again, policy), { people });
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    assert.ok(shown.some((line) => /share 1 .* belongs to sharing 1, which was replaced/.test(line)));
    assert.deepEqual(disk.refused, []);
    holds(disk, 'fort-again');
    assert.match(await refusalOf(run(copyOf(disk), planOf(resharePlan(), policy))), /^$/);
  });

  async function refusalOf(running: ReturnType<typeof run>): Promise<string> {
    const outcome = await running;
    return outcome.ok ? '' : describeFailure(outcome.error);
  }

  it('is resumed after a kill at any effect of a re-sharing, at the cost of one refused PIN at most', async () => {
    let refusals = 0;
    const { quorum } = reshare.steps[0]?.do === 'reshare-quorum' ? reshare.steps[0] : assert.fail();
    const next = resharePlan((plan) => ({
      ...plan,
      id: 'fort-next',
      quorum: { kind: 'shares', ...quorum },
      steps: plan.steps.map((step) => ({ ...step, generation: 3 })),
    }));
    const later = planOf(next, policy);
    const begun = () => copyOf(made);
    const effects = await memory.killedAnywhere({ begun, plan: reshare }, async ({ disk, where }) => {
      assert.ok(disk.refused.length <= 1, where);
      refusals += disk.refused.length;
      assert.notEqual(disk.pins.get('root-fort'), made.pins.get('root-fort'), where);
      // The holders of the new shares open it.
      assert.equal(await refusalOf(run(disk, later, { now: NOW + 9_000_000 })), '', where);
    });
    assert.ok(effects.includes('change PIN root-fort'));
    // This happens only between the change and its mark.
    assert.equal(refusals, 2);
  });

  it('is settled by the next ceremony that opens the token when its change of PIN was interrupted', async () => {
    const disk = copyOf(made);
    const tamper = (effect: string) => {
      if (effect.endsWith('/in-force.json')) throw new Killed(effect);
    };
    // With the same officers, because a plan with other officers would match neither sharing.
    await assert.rejects(run(disk, planOf(sameOfficersPlan(), policy), { tamper }), Killed);
    const yearly = exampleFile('yearly-crl');
    assert.ok((await run(disk, planOf(yearly, policy), { now: NOW + 7_200_000 })).ok);
    const mark = `${SHARES}/2/in-force.json`;
    assert.match(transcript(disk, yearly.id), new RegExp(`"action":"settle-quorum".*"files":.*"${mark}"`));
    holds(disk, yearly.id);
    disk.files.set(mark, utf8('{"generation":3}\n'));
    assert.match(faultOf(disk, yearly.id) ?? '', /in-force\.json: its SHA-256 differs from line/);
  });

  it('keeps the ceremony from beginning when required people are missing, and writes nothing', async () => {
    const absent = (name: string) => ({
      ask: (question: Question) => (question.about === 'present' && question.person.name === name ? 'non' : undefined),
    });
    const disk = emptyDisk();
    const refused = await run(disk, fort, { people: absent('Development officer 2') });
    assert.ok(!refused.ok);
    assert.match(
      describeFailure(refused.error),
      /porteur de part : requis 5, présents 4 \/ share holder: required 5, present 4/,
    );
    assert.deepEqual([disk.files.size, disk.tokens.size], [0, 0]);
    const resumed = copyOf(made);
    await assert.rejects(run(resumed, reshare, { kill: { at: 3, when: 'after' } }), Killed);
    const stopped = await run(resumed, reshare, { people: absent('Development master of ceremonies') });
    assert.ok(!stopped.ok && stopped.error.kind === 'people-missing');
    assert.match(transcript(resumed, 'fort-reshare'), /"action":"stop".*master of ceremonies: required 1, present 0/);
    assert.ok((await run(resumed, reshare)).ok);
  });
});
