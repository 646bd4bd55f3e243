/**
 * The back-up of a root token, its loss and its restoration: what is refused, and what a power cut
 * leaves.
 */
import assert from 'node:assert/strict';
import type { PlanFile } from '../../../../src/ceremony/plan/model.js';
import { readEntries } from '../../../../src/ceremony/transcript/transcript.js';
import { checkArtefacts } from '../../../../src/ceremony/verify/artefacts.js';
import { describeVerifyFault } from '../../../../src/ceremony/verify/verify.js';
import { inBothLanguages } from '../../../../src/kernel/bilingual.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { type Disk, emptyDisk, Killed, NOW, testPlan, testPolicy } from '../../../support/ceremony/fake-world.js';
import { copyOf, exampleFile, faultOf, inMemory, linesOf, rewritten } from '../../../support/ceremony/in-memory.js';
import { resharePlan } from '../../../support/ceremony/quorum-plans.js';

const RECORD = 'ceremony/fort-back-up/back-ups/root-fort.json';
const COPY = 'ceremony/fort-back-up/back-ups/root-fort.copy.json';
const SET = 'ceremony/fort/root-shares/1/set.json';
const RESTORED = 'ceremony/fort-restore/restored/root-fort.json';
const HOUR = 3_600_000;

/** A plan with changed members of its first step. */
function withStep(plan: PlanFile, members: object): PlanFile {
  const [first, ...others] = plan.steps;
  return { ...plan, steps: [{ ...first, ...members } as PlanFile['steps'][number], ...others] };
}

describe('the back-up of a token', () => {
  const policy = testPolicy();
  const first = emptyDisk();
  const backed = emptyDisk();
  const { run, done, refusal, killedAnywhere, faultsOf } = inMemory(policy, { now: NOW + 2 * HOUR });
  /** What is left after the loss of a root token: everything but the token. */
  const lost = (disk: Disk = backed): Disk => {
    const left = copyOf(disk);
    left.tokens.delete('root-fort');
    left.pins.delete('root-fort');
    return left;
  };

  before(async () => {
    await done(first, testPlan('fort', policy), { now: NOW });
    for (const part of ['files', 'tokens', 'pins'] as const)
      for (const [name, value] of copyOf(first)[part]) (backed[part] as Map<string, unknown>).set(name, value);
    await done(backed, exampleFile('back-up-root'));
  });

  it('restores a lost token with its quorum, which signs the next list of the same root', async () => {
    const disk = lost();
    await done(disk, exampleFile('restore-root'));
    await done(disk, exampleFile('yearly-crl'), { now: NOW + 3 * HOUR });
    for (const id of ['fort', 'fort-back-up', 'fort-restore', 'fort-crl-2']) assert.equal(faultOf(disk, id), null, id);
    assert.deepEqual([...(disk.tokens.get('root-fort')?.keys() ?? [])], ['acr-fo']);
  });

  it('restores a token from the back-up, the certificate and the officers’ shares only', async () => {
    const disk = emptyDisk();
    const shares: string[] = [];
    for (const [path, content] of backed.files) {
      if (path === RECORD || path === COPY || path === 'authorities/acr-fo.cer') disk.files.set(path, content);
      if (!/root-shares\/1\/[0-9a-f]{8}-[135]\.json$/.test(path)) continue;
      disk.files.set(`/media/usb/${shares.length}.json`, content);
      shares.push(`/media/usb/${shares.length}.json`);
    }
    const ask = ({ about }: { readonly about: string }) => (about === 'share' ? shares.shift() : undefined);
    await done(disk, exampleFile('restore-root'), { people: { ask } });
    assert.equal(faultOf(disk, 'fort-restore'), null);
  });

  for (const [name, begun] of [
    ['back-up-root', () => copyOf(first)],
    ['restore-root', () => lost()],
  ] as const) {
    it(`ends the same after a kill at any effect of ${name}`, async () => {
      await killedAnywhere({ begun, plan: exampleFile(name) }, ({ disk, where }) => {
        assert.deepEqual([...(disk.tokens.get('root-fort')?.keys() ?? [])], ['acr-fo'], where);
      });
    });
  }

  it('refuses a copy that was changed or is of another back-up, and writes nothing', async () => {
    const copy = backed.files.get(COPY) ?? assert.fail();
    const other = copyOf(first);
    other.tokens.get('root-fort')?.delete('acr-fo');
    const changed = copy.slice();
    changed[200] = (changed[200] ?? 0) ^ 1;
    for (const [content, message] of [
      [changed, /copy\.json .*: not the copy of this back-up: it is damaged/],
      [copy.slice(0, -1), /not the copy of this back-up/],
      [null, /root-fort\.copy\.json is needed first/],
    ] as const) {
      const disk = lost();
      if (content === null) disk.files.delete(COPY);
      else disk.files.set(COPY, content);
      assert.match(await refusal(disk, exampleFile('restore-root')), message);
      assert.equal(disk.tokens.has('root-fort'), false);
      disk.files.set(COPY, copy);
      await done(disk, exampleFile('restore-root'), { now: NOW + 3 * HOUR });
    }
  });

  it('refuses a record other than the plan’s, or of another token, keys or method of copying', async () => {
    const record = new TextDecoder().decode(backed.files.get(RECORD));
    const plan = exampleFile('restore-root');
    const named = withStep(plan, { recordSha256: 'a'.repeat(64) });
    assert.match(
      await refusal(lost(), named),
      /back-ups\/root-fort\.json is not what the plan says: its SHA-256 is [0-9a-f]{64}/,
    );
    for (const [text, message] of [
      [record.replace('"token":"root-fort"', '"token":"root-standard"'), /of token root-standard/],
      [record.replace('"key":"acr-fo"', '"key":"acr-fo-2"'), /its keys: acr-fo-2/],
      [record.replace('"by":"files"', '"by":"vendor"'), /not the record of a back-up/],
      [record.replace('{', '{ '), /not the record of a back-up/],
    ] as const) {
      const disk = lost();
      disk.files.set(RECORD, utf8(text));
      assert.match(await refusal(disk, plan), message);
      assert.equal(disk.tokens.has('root-fort'), false);
    }
  });

  it('refuses a restored token whose keys are not those of the record, or have other attributes', async () => {
    const record = new TextDecoder().decode(backed.files.get(RECORD));
    const stranger = first.tokens.get('ca-fort')?.get('aci-fo-pp') ?? assert.fail();
    for (const [text, message] of [
      [
        record.replace(/"publicKey":"[^"]+"/, `"publicKey":"${Buffer.from(stranger.spki).toString('base64')}"`),
        /key acr-fo on token root-fort is not what the plan says: not the one of the back-up/,
      ],
      [
        record.replace('"name":"CKA_EXTRACTABLE","value":"false"', '"name":"CKA_EXTRACTABLE","value":"true"'),
        /its attribute CKA_EXTRACTABLE has changed/,
      ],
      [
        record.replace('"serialNumber":"root-fort"', '"serialNumber":"1"'),
        /the restored token is pfcng-development-root-fort/,
      ],
    ] as const) {
      const disk = lost();
      assert.notEqual(text, record);
      disk.files.set(RECORD, utf8(text));
      assert.match(await refusal(disk, exampleFile('restore-root')), message);
      assert.equal(disk.files.has(RESTORED), false);
    }
  });

  it('does not replace an existing token', async () => {
    assert.match(await refusal(copyOf(backed), exampleFile('restore-root')), /root-token exists already/);
  });

  it('is refused when older than a re-sharing, because old shares would open it', async () => {
    const disk = copyOf(backed);
    await done(disk, resharePlan(), { now: NOW + 3 * HOUR });
    const left = lost(disk);
    const message = await refusal(left, exampleFile('restore-root'), { now: NOW + 4 * HOUR });
    assert.match(message, /the back-up is of sharing 1, which sharing 2 has replaced since: a later one is needed/);
    assert.equal(left.tokens.has('root-fort'), false);
  });

  it('has only the keys that the plan names, so that no key is copied unnoticed', async () => {
    const disk = copyOf(first);
    const key = first.tokens.get('ca-fort')?.get('aci-fo-pp') ?? assert.fail();
    disk.tokens.get('root-fort')?.set('ceremony-left-over', key);
    assert.match(
      await refusal(disk, exampleFile('back-up-root')),
      /token root-fort .*: it has other keys: ceremony-left-over/,
    );
    assert.equal(disk.files.has(COPY), false);
    const more = withStep(exampleFile('back-up-root'), { keys: ['acr-fo', 'acr-fo-2'] });
    assert.match(await refusal(copyOf(first), more), /key acr-fo-2 on token root-fort is needed first/);
  });

  it('shows instructions for the HSM vendor’s tool, and compares the keys with the record', async () => {
    const vendor = (plan: PlanFile, name: string) =>
      withStep(
        { ...plan, outputs: plan.outputs.filter((path) => path !== COPY) },
        {
          copy: { by: 'vendor', instructions: { fr: `Clonez (${name})`, en: `Clone it (${name})` } },
        },
      );
    const disk = copyOf(first);
    const shown: string[] = [];
    const people = { show: (line: string) => void shown.push(line) };
    await done(disk, vendor(exampleFile('back-up-root'), 'out'), { people });
    assert.equal(disk.files.has(COPY), false);
    const restore = vendor(exampleFile('restore-root'), 'in');
    const asked = {
      show: people.show,
      ask: ({ about }: { about: string }) => (about === 'operate' ? null : undefined),
    };
    assert.match(await refusal(disk, restore, { people: asked }), /Restoration of token root-fort: interrupted/);
    await done(disk, restore, { people, now: NOW + 3 * HOUR });
    assert.ok(
      shown.includes('    Clonez (out) /     Clone it (out)') && shown.includes('    Clonez (in) /     Clone it (in)'),
    );
    const transcript = new TextDecoder().decode(disk.files.get('ceremony/fort-restore/transcript.ndjson'));
    assert.match(
      transcript,
      /"action":"operate","at":"[^"]+","hash":"[0-9a-f]+","prev":"[0-9a-f]+","result":\{"by":null,"instructions":\{"en":"Clone it \(in\)"/,
    );
    assert.equal(faultOf(disk, 'fort-restore'), null);
    const wrong = copyOf(disk);
    for (const path of [...wrong.files.keys()]) if (path.startsWith('ceremony/fort-restore/')) wrong.files.delete(path);
    wrong.tokens.get('root-fort')?.set('acr-fo', first.tokens.get('ca-fort')?.get('aci-fo-pp') ?? assert.fail());
    assert.match(await refusal(wrong, restore, { now: NOW + 4 * HOUR }), /key acr-fo .*: not the one of the back-up/);
    const more = copyOf(disk);
    for (const path of [...more.files.keys()]) if (path.startsWith('ceremony/fort-restore/')) more.files.delete(path);
    more.tokens.get('root-fort')?.set('stray', first.tokens.get('ca-fort')?.get('aci-fo-pp') ?? assert.fail());
    const stray = await refusal(more, restore, { now: NOW + 4 * HOUR });
    assert.match(stray, /key stray .*: the plan does not name it/);
  });

  it('rejects a restoration with forged signatures, even in a rewritten transcript', async () => {
    const [disk, other] = [lost(), lost()];
    for (const one of [disk, other]) await done(one, exampleFile('restore-root'));
    const restored = new TextDecoder().decode(disk.files.get(RESTORED));
    const signatureIn = (text: string): string => JSON.parse(text).keys[0].signature;
    const foreign = signatureIn(new TextDecoder().decode(other.files.get(RESTORED)));
    const forged = utf8(restored.replace(signatureIn(restored), foreign));
    const lines = rewritten(linesOf(disk, 'fort-restore'), ({ action, result }) =>
      action === 'restore-token' ? { ...result, sha256: sha256Hex(forged) } : result,
    );
    const entries = readEntries(lines);
    assert.ok(entries.ok);
    disk.files.set(RESTORED, forged);
    const checked = checkArtefacts(entries.value, (path) => disk.files.get(path) ?? null);
    assert.ok(!checked.ok);
    assert.match(
      inBothLanguages(describeVerifyFault(checked.error)),
      /restored\/root-fort\.json: .*their signatures do not verify/,
    );
  });

  it('detects a copy or proof of restoration that was changed between two sittings', async () => {
    /**
     * Kills the ceremony when the file `until` exists and is not recorded yet, edits the file at
     * `path`, and returns the refusal of the next sitting.
     */
    const cutOff = async (
      { name, begun, until }: { readonly name: string; readonly begun: Disk; readonly until: string },
      path: string,
      edit: (content: Bytes) => Bytes,
    ): Promise<string> => {
      const tamper = (effect: string) => {
        if (effect.startsWith('append') && begun.files.has(until)) throw new Killed(effect);
      };
      await assert.rejects(run(begun, exampleFile(name), { tamper }).outcome, Killed);
      begun.files.set(path, edit(begun.files.get(path) ?? assert.fail()));
      return refusal(begun, exampleFile(name), { now: NOW + 3 * HOUR });
    };
    const cut = (content: Bytes) => content.slice(0, -1);
    const backUp = () => ({ name: 'back-up-root', begun: copyOf(first), until: RECORD });
    assert.match(await cutOff(backUp(), RECORD, cut), /not the back-up of this token and these keys/);
    assert.match(await cutOff(backUp(), COPY, cut), /not the copy that was made/);
    const unproven = (content: Bytes) => {
      const text = new TextDecoder().decode(content);
      const { challenge } = JSON.parse(text).keys[0];
      return utf8(text.replace(challenge, Buffer.alloc(32).toString('base64')));
    };
    const message = await cutOff({ name: 'restore-root', begun: lost(), until: RESTORED }, RESTORED, unproven);
    assert.match(message, /restored\/root-fort\.json .*: not the restoration that the plan requires/);
  });

  it('is not restored where the shares of another token with its name exist', async () => {
    const other = emptyDisk();
    await done(other, testPlan('fort', policy));
    const disk = lost();
    disk.files.set(SET, other.files.get(SET) ?? assert.fail());
    assert.match(await refusal(disk, exampleFile('restore-root')), /set\.json .*: not the share set of the back-up/);
    assert.equal(disk.tokens.has('root-fort'), false);
  });

  it('refuses a plan that copies its transcript key, or restores after using the token', () => {
    const plan = exampleFile('back-up-root');
    const [copy, makesKey] = plan.steps;
    assert.deepEqual(faultsOf({ ...plan, steps: [makesKey, copy] }), [
      '/steps/1 the key of the ceremony, which is to be destroyed, would be in the back-up: generate it afterwards',
    ]);
    const restore = exampleFile('restore-root');
    const [restored, key, ...others] = restore.steps;
    assert.deepEqual(faultsOf({ ...restore, steps: [key, restored, ...others] }), [
      '/steps/1/token an earlier step uses this token already',
    ]);
    assert.deepEqual(faultsOf(withStep(restore, { output: 'other.json' })).slice(0, 1), [
      '/steps/0/output must be ceremony/fort-restore/restored/root-fort.json',
    ]);
    assert.ok(
      faultsOf({ ...restore, environment: 'production' }).some((fault) => /^\/steps\/0\/recordSha256 `\*`/.test(fault)),
    );
    const hsm = restore.tokens.map((token) => ({ ...token, pin: { kind: 'hsm' } }));
    assert.ok(
      faultsOf({ ...restore, tokens: hsm, quorum: { kind: 'hsm', shares: 5, threshold: 3 } }).some((fault) =>
        /^\/steps\/0\/copy\/by an HSM has no files to be copied/.test(fault),
      ),
    );
  });
});
