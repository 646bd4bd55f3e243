/**
 * Transcripts that somebody rewrote with correct hashes: an omission, or a difference from the
 * plan, is found and its line named.
 */
import assert from 'node:assert/strict';
import type { PlanFile } from '../../../../src/ceremony/plan/model.js';
import { expectedOf } from '../../../../src/ceremony/steps/all.js';
import { type Entry, entryAfter, entryLine } from '../../../../src/ceremony/transcript/transcript.js';
import { describeVerifyFault, verifyTranscript } from '../../../../src/ceremony/verify/verify.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import type { Json } from '../../../../src/kernel/json.js';
import {
  type Disk,
  developmentPlanText,
  emptyDisk,
  NOW,
  testPlan,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import { copyOf, exampleFile, faultOf, fileOf, inMemory, linesOf } from '../../../support/ceremony/in-memory.js';
import { resharePlan } from '../../../support/ceremony/quorum-plans.js';

type EditableEntry = { action: Entry['action']; step: number; at: string; result: Record<string, Json> };
type Edit = (entries: EditableEntry[]) => EditableEntry[] | undefined;

const HOUR = 3_600_000;
const CLEAR = '\u001b[2J';

const ZEROS = '0'.repeat(64);

/**
 * Only a quorum can also forge the signature of the transcript key, so this plan has no such key.
 */
function unsigned(plan: PlanFile): PlanFile {
  const { transcriptKey, ...rest } = plan;
  return { ...rest, steps: plan.steps.filter((step) => step.do !== 'generate-key' || step.key !== transcriptKey?.key) };
}

const entryOf = (entries: readonly EditableEntry[], action: Entry['action'], at = 0): EditableEntry =>
  entries.filter((entry) => entry.action === action)[at] ?? assert.fail(action);
const say =
  (action: Entry['action'], result: Record<string, Json>, at = 0): Edit =>
  (entries) =>
    void Object.assign(entryOf(entries, action, at).result, result);
const without =
  (action: Entry['action'], ...names: string[]): Edit =>
  (entries) => {
    for (const name of names) delete entryOf(entries, action).result[name];
  };
const dropped =
  (action: Entry['action']): Edit =>
  (entries) =>
    entries.filter((entry) => entry.action !== action);

const inYear =
  (year: number): Edit =>
  (entries) => {
    for (const entry of entries) entry.at = entry.at.replace(/^2026/, `${year}`);
  };

const FOUND: readonly (readonly [string, Edit, RegExp])[] = [
  [
    'a missing certificate',
    without('create-issuing-authority', 'artefact', 'sha256'),
    /^line \d+: it lacks authorities\/aci-el-pp\.cer/,
  ],
  ['missing shares', without('initialise-token', 'artefact', 'sha256'), /^line 3: it lacks .*set\.json/],
  ['a missing issuer', without('create-ocsp-signer', 'issuer'), /issuer differs from the plan$/],
  [
    'a file as the request of a key that is on a token',
    say('create-issuing-authority', { request: 'authorities/aci-el-pp.cer' }),
    /request differs from the plan$/,
  ],
  ['another number of a list', say('sign-crl', { number: 77 }), /number differs from the plan$/],
  ['a key on another token', say('generate-key', { token: 'elsewhere' }, 3), /token differs from the plan$/],
  ['another key', say('generate-key', { key: 'acr-fo' }, 3), /key differs from the plan$/],
  ['another hash of a key', say('generate-key', { publicKeySha256: '' }), /the hash is not that of the key$/],
  [
    'a key that leaves',
    say('generate-key', { attributes: { CKA_EXTRACTABLE: true } }),
    /this key can leave its token$/,
  ],
  ['another token with its name', say('generate-key', { serialNumber: '42' }, 4), /another token with the same name$/],
  ['a missing roll call', dropped('roll-call'), /^line 2: there is no roll call before it$/],
  [
    'a roll call of too few people',
    say('roll-call', { people: [] }),
    /^line 2: people that the plan requires are missing$/,
  ],
  [
    'a roll call of other people',
    say('roll-call', { people: [{ role: 'witness', name: 'Eve', organisation: 'PFCNG (development)' }] }),
    /^line 2: it names a person who is not in the plan$/,
  ],
  ['other people', say('begin', { people: [] }), /^line 1: people differs from the plan$/],
  [
    'a smaller quorum',
    say('begin', { quorum: { kind: 'shares', shares: 1, threshold: 1 } }),
    /^line 1: quorum differs/,
  ],
  ['another environment', say('begin', { environment: 'production' }), /^line 1: environment differs/],
  ['other policies', say('begin', { policyDigest: ZEROS }), /^line 1: policyDigest differs/],
  ['another hierarchy', say('begin', { hierarchy: 'fort' }), /^line 1: hierarchy differs/],
  ['other software', say('begin', { software: { name: 'other', version: '0.1.0' } }), /^line 1: software differs/],
  [
    'another version',
    say('begin', { software: { name: 'pfcng', version: '0.1.1' } }),
    /^line 1: software differs from the plan$/,
  ],
  ['another code', say('confirm', { code: '0000 0000' }), /it is not the code of what was shown$/],
  ['a code that another person confirmed', say('confirm', { by: 'Eve' }), /the master of ceremonies did not read it$/],
  ['a last line without files', say('end', { artefacts: {} }), /its files differ from those of the lines$/],
  ['a day after those of the plan', inYear(2040), /^line 1: it began outside the window of the plan$/],
  ['a day before those of the plan', inYear(2020), /^line 1: it began outside the window of the plan$/],
  [
    'another serial number of a certificate',
    say('create-issuing-authority', { serial: '01' }),
    /aci-el-pp\.cer: line \d+ gives it another serial number, key or validity$/,
  ],
  [
    'another end of a certificate',
    say('create-root', { notAfter: '2099-01-01T00:00:00Z' }),
    /acr-el\.cer: line \d+ gives it another serial number, key or validity$/,
  ],
  [
    'a certificate for another key than the one that was generated',
    (entries) => {
      const made = entries.filter(({ action }) => action === 'generate-key').map(({ result }) => result);
      const [root, responder] = ['root-elementaire', 'ocsp-elementaire'].map((token) =>
        made.find((one) => one.token === token),
      );
      const { publicKey = null, publicKeySha256 = null } = root ?? {};
      Object.assign(responder ?? assert.fail(), { publicKey, publicKeySha256 });
    },
    /the certified key is not the one that an earlier line found on its token$/,
  ],
  [
    'a key that may have been on its token before',
    dropped('make-key'),
    /no line before it says that the token did not have this key yet$/,
  ],
  [
    'a line that belongs to no step',
    (entries) => [
      ...entries.slice(0, 3),
      { ...entryOf(entries, 'begin'), action: 'refuse', step: 9, result: { detail: CLEAR } },
      ...entries.slice(3),
    ],
    /^line 4: it does not belong to this step$/,
  ],
];
describe('a rewritten transcript', () => {
  const policy = testPolicy();
  const { done } = inMemory(policy);
  const made = emptyDisk();
  const fort = emptyDisk();
  let later: Disk;
  before(async () => {
    const plan: PlanFile = JSON.parse(new TextDecoder().decode(developmentPlanText('elementaire')));
    const software = { ...plan.software, version: '0.1.0', policyDigest: policy.digest };
    await done(made, unsigned({ ...plan, software }));
    await done(fort, testPlan('fort', policy));
    later = copyOf(fort);
    await done(later, unsigned(exampleFile('yearly-crl')), { now: NOW + HOUR });
    assert.equal(faultOf(made, 'elementaire'), null);
    assert.equal(faultOf(later, exampleFile('yearly-crl').id), null);
  });

  function verdictOfRewritten({ files }: Disk, id: string, edit: Edit): string {
    const entries = linesOf({ files }, id).map((line): EditableEntry => JSON.parse(line));
    let last: Entry | null = null;
    const lines = (edit(entries) ?? entries).map(({ action, step, at, result }) => {
      last = entryAfter(last, { action, step, result, at: Date.parse(at) });
      return entryLine(last).trimEnd();
    });
    const outcome = verifyTranscript(lines, (path) => files.get(path) ?? null);
    return outcome.ok ? 'holds' : describeVerifyFault(outcome.error).en;
  }

  for (const [what, edit, found] of FOUND)
    it(`is rejected, with the line, for ${what}`, () => {
      assert.match(verdictOfRewritten(made, 'elementaire', edit), found);
    });

  it('is accepted with any day when it is a rehearsal', () => {
    const edit: Edit = (entries) => {
      say('begin', { rehearsal: true })(entries);
      return inYear(2040)(entries);
    };
    assert.equal(verdictOfRewritten(made, 'elementaire', edit), 'holds');
  });

  it('is rejected under the name of another ceremony', () => {
    const files = new Map(made.files).set('ceremony/fort/plan.json', fileOf(made, 'ceremony/elementaire/plan.json'));
    const edit = say('begin', { ceremony: 'fort' });
    assert.match(
      verdictOfRewritten({ ...made, files }, 'elementaire', edit),
      /^line 1: ceremony differs from the plan$/,
    );
  });

  it('is compared with each hash that the plan states, but not with hashes left open', () => {
    const at = { token: 'root', authority: 'access', issuer: 'acr-fo', output: 'a', why: 'So that it is known.' };
    const officer = { account: 'b', commonName: 'c', days: 1, request: 'd' };
    const list = { number: 2, nextUpdate: { days: 30 } };
    const membersFor = (sha256: string) =>
      [
        { ...at, ...list, do: 'sign-crl', previous: { number: 1, sha256, why: at.why } } as const,
        { ...at, ...officer, do: 'create-break-glass-account', publicKeySha256: sha256 } as const,
        { ...at, do: 'import-bundle', bundle: 'carried/a.tar', files: [], sha256 } as const,
      ].map((step) => expectedOf({ id: 'any', tokens: [] }, step).members);
    const hashesFor = (sha256: string) =>
      membersFor(sha256).map((members) => Object.entries(members).filter(([name]) => /sha256$/i.test(name)));
    const stated = ['previousSha256', 'publicKeySha256', 'sha256'].map((name) => [[name, ZEROS]]);
    assert.deepEqual(hashesFor(ZEROS), stated);
    assert.deepEqual(hashesFor('*'), [[], [], []]);
  });

  it('is rejected when nobody opened a token, or too few did', () => {
    const { id } = exampleFile('yearly-crl');
    assert.match(
      verdictOfRewritten(later, id, dropped('open-quorum')),
      /no line since the roll call records that the quorum opened/,
    );
    const [one] = entryOf(
      linesOf(later, id).map((line): EditableEntry => JSON.parse(line)),
      'open-quorum',
    ).result.holders as Json[];
    const twice = say('open-quorum', { holders: [one ?? null, one ?? null, one ?? null] });
    assert.match(verdictOfRewritten(later, id, twice), /fewer shares than the plan requires$/);
    const atHsm: Edit = (entries) => {
      entryOf(entries, 'open-quorum').result = { token: 'root-fort', by: 'hsm' };
    };
    assert.match(verdictOfRewritten(later, id, atHsm), /the plan does not open this token by the quorum of an HSM$/);
    const byOthers = [1, 2, 3, 4, 5].map((number) => ({ number, holder: 'Eve' }));
    const strangers = say('open-quorum', { holders: byOthers });
    assert.match(verdictOfRewritten(later, id, strangers), /this is not the holder of that share$/);
  });

  it('is rejected for other holders or too few, even if a step of the plan shares the PIN among others', async () => {
    const plan = resharePlan();
    const disk = copyOf(fort);
    await done(disk, plan, { now: NOW + HOUR });
    const byOthers = [1, 2, 3].map((number) => ({ number, holder: 'Eve' }));
    const verdictOf = (holders: Json): string => verdictOfRewritten(disk, plan.id, say('open-quorum', { holders }));
    assert.match(verdictOf(byOthers), /this is not the holder of that share$/);
    const { quorum } = plan;
    assert.ok(quorum.kind === 'shares');
    const two = quorum.holders.slice(0, 2).map(({ name }, at) => ({ number: at + 1, holder: name }));
    assert.match(verdictOf(two), /fewer shares than the plan requires$/);
  });

  it('is rejected with a production plan that nobody signs', () => {
    const path = 'ceremony/elementaire/plan.json';
    const text = new TextDecoder().decode(made.files.get(path));
    const plan: Bytes = utf8(text.replace('"environment":"development"', '"environment":"production"'));
    const files = new Map(made.files).set(path, plan);
    const edit = say('begin', { planSha256: sha256Hex(plan), environment: 'production' });
    assert.match(
      verdictOfRewritten({ ...made, files }, 'elementaire', edit),
      /production plan without transcriptKey: nobody has signed the transcript$/,
    );
  });

  it('is rejected without a roll call and without showing, even if its plan requires nobody', () => {
    const path = 'ceremony/elementaire/plan.json';
    const stated: PlanFile = JSON.parse(new TextDecoder().decode(made.files.get(path)));
    const plan: Bytes = utf8(JSON.stringify({ ...stated, presence: [] }));
    const files = new Map(made.files).set(path, plan);
    const edit: Edit = (entries) => {
      say('begin', { planSha256: sha256Hex(plan) })(entries);
      const { artefacts } = entryOf(entries, 'end').result;
      say('end', { artefacts: { ...(artefacts as Record<string, Json>), [path]: sha256Hex(plan) } })(entries);
      return entries.filter(({ action }) => action !== 'roll-call' && action !== 'confirm');
    };
    assert.match(
      verdictOfRewritten({ ...made, files }, 'elementaire', edit),
      /no line before line \d+ records that it was shown before it was signed$/,
    );
  });

  it('is rejected, and stops no program, with a plan of people without names', () => {
    const path = 'ceremony/elementaire/plan.json';
    const stated: PlanFile = JSON.parse(new TextDecoder().decode(made.files.get(path)));
    const people = stated.people.map(({ role }) => ({ role }));
    const plan: Bytes = utf8(JSON.stringify({ ...stated, people }));
    const files = new Map(made.files).set(path, plan);
    const edit: Edit = (entries) => {
      say('begin', { planSha256: sha256Hex(plan), people })(entries);
      say('roll-call', { people })(entries);
      const { artefacts } = entryOf(entries, 'end').result;
      say('end', { artefacts: { ...(artefacts as Record<string, Json>), [path]: sha256Hex(plan) } })(entries);
    };
    assert.match(verdictOfRewritten({ ...made, files }, 'elementaire', edit), /plan\.json: this is not a plan$/);
  });

  it('is rejected with duplicate keys in its plan', () => {
    const path = 'ceremony/elementaire/plan.json';
    const text = new TextDecoder().decode(made.files.get(path));
    const plan: Bytes = utf8(text.replace('{', '{"presence":[],'));
    const files = new Map(made.files).set(path, plan);
    const edit = say('begin', { planSha256: sha256Hex(plan) });
    assert.match(
      verdictOfRewritten({ ...made, files }, 'elementaire', edit),
      /plan\.json: \/presence named twice in the same object$/,
    );
  });
});
