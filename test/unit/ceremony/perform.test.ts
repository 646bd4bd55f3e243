import assert from 'node:assert/strict';
import { createHash, sign, X509Certificate } from 'node:crypto';
import { describeFailure } from '../../../src/ceremony/failures.js';
import { performCeremony } from '../../../src/ceremony/perform.js';
import { type Entry, entryAfter, entryLine, splitLines } from '../../../src/ceremony/transcript/transcript.js';
import type { VerifyFault } from '../../../src/ceremony/verify/model.js';
import { describeVerifyFault, verifyTranscript } from '../../../src/ceremony/verify/verify.js';
import { assembleCrl, crlHeaderOf, encodeSmallCrl } from '../../../src/crl/encode.js';
import { inBothLanguages } from '../../../src/kernel/bilingual.js';
import { type Bytes, concat, utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { issuerIdOf } from '../../../src/policy/ids.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import {
  type Disk,
  emptyDisk,
  fakeWorld,
  Killed,
  NOW,
  testPlan,
  testPolicy,
} from '../../support/ceremony/fake-world.js';
import { inMemory, linesOf, type Options, rewritten } from '../../support/ceremony/in-memory.js';

const TRANSCRIPT = 'ceremony/fort/transcript.ndjson';
/** The copies of published files that the ceremony keeps. */
const COPIES = [
  ...['ACR-FO', 'ACI-FO-PP', 'ACI-FO-ORG'].map((stem) => `ceremony/fort/crl/${stem}.crl`),
  ...['aci-fo-pp', 'aci-fo-org'].map((id) => `ceremony/fort/authorities/${id}.ocsp.cer`),
];
/** The service replaces these files over time. */
const isReplaced = (path: string): boolean => path.startsWith('crl/') || /^authorities\/.*\.ocsp\.cer$/.test(path);
const DRAFT = 'ceremony/fort/transcript.sig.draft';
const SET = 'ceremony/fort/root-shares/1/set.json';
const RECORDS = ['ceremony/fort/plan.json', 'ceremony/fort/transcript.sig', SET, ...COPIES];
/** The shares themselves, which the set binds. */
const SHARE = /^ceremony\/fort\/root-shares\/1\/[0-9a-f]{8}-\d\.json$/;

/** A list of ACI-FO-PP signed with the key of its token, as the service would publish one. */
function nextCrl(disk: Disk, number: number): Bytes {
  const certificate = disk.files.get('authorities/aci-fo-pp.cer') ?? assert.fail();
  const { privateKey } = disk.tokens.get('ca-fort')?.get('aci-fo-pp') ?? assert.fail();
  const issuer = readIssuer({
    id: issuerIdOf('aci-fo-pp', 1),
    authority: 'aci-fo-pp',
    generation: 1,
    hierarchy: 'fort',
    kind: 'issuing',
    certificate,
  });
  assert.ok(issuer.ok);
  const thisUpdate = NOW + DAY_MS;
  const list = { number, thisUpdate, nextUpdate: thisUpdate + 3 * DAY_MS };
  const tbs = encodeSmallCrl(crlHeaderOf(issuer.value, list), []);
  const { prefix, suffix } = assembleCrl(tbs.length, issuer.value.signatureAlgorithm, sign('sha256', tbs, privateKey));
  return concat([prefix, tbs, suffix]);
}

describe('a ceremony', () => {
  // It is killed at every effect and resumed, which takes a minute on a busy machine.
  const policy = testPolicy();
  const plan = testPlan('fort', policy);
  const memory = inMemory(policy, { now: NOW });
  const run = (disk: Disk, options?: Options) => memory.run(disk, plan, options);
  const refusal = (disk: Disk, options?: Options) => memory.refusal(disk, plan, options);
  const text = (disk: Disk, path: string) => new TextDecoder().decode(disk.files.get(path));
  const verifyDisk = (disk: Disk) => verifyTranscript(linesOf(disk, 'fort'), (path) => disk.files.get(path) ?? null);

  it('makes exactly the outputs that its plan declares, and a valid transcript', async () => {
    const disk = emptyDisk();
    const { outcome, progress } = run(disk);
    const performed = await outcome;
    assert.ok(performed.ok, performed.ok ? '' : describeFailure(performed.error));
    const files = [...disk.files.keys()].filter((path) => !SHARE.test(path));
    assert.deepEqual(files.sort(), [...plan.outputs, ...RECORDS, TRANSCRIPT].sort());
    const verified = verifyDisk(disk);
    assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    assert.equal(verified.value.head, performed.value.head);
    assert.equal(verified.value.artefacts, plan.outputs.length + 2);
    assert.deepEqual(
      progress.filter(({ kind }) => kind === 'made').map(({ step }) => step),
      plan.steps.map((_, at) => at + 1),
    );
  });

  it('writes certificates that chain: root to itself, issuing CAs to it, OCSP responders to their CA', async () => {
    const disk = emptyDisk();
    await run(disk).outcome;
    const certificate = (name: string) =>
      new X509Certificate(disk.files.get(`authorities/${name}.cer`) ?? assert.fail(name));
    const root = certificate('acr-fo');
    assert.ok(root.checkIssued(root) && root.verify(root.publicKey));
    for (const id of ['aci-fo-pp', 'aci-fo-org']) {
      const issuing = certificate(id);
      assert.ok(issuing.checkIssued(root) && issuing.verify(root.publicKey), id);
      const responder = certificate(`${id}.ocsp`);
      assert.ok(responder.checkIssued(issuing) && responder.verify(issuing.publicKey), id);
      assert.match(issuing.serialNumber, /^[4-7][0-9A-F]{31}$/);
    }
  });

  it('is resumed after a kill before or after any effect, and makes every output once', async () => {
    const effects = await memory.killedAnywhere({ begun: emptyDisk, plan }, ({ disk, where, halfWay }) => {
      for (const [path, content] of halfWay)
        if (path !== TRANSCRIPT && path !== DRAFT)
          assert.equal(disk.files.get(path), content, `${where}: ${path} was made again`);
      assert.equal(disk.tokens.get('root-fort')?.has('ceremony-fort'), false, where);
      assert.equal(disk.files.has(DRAFT), false, where);
    });
    assert.ok(effects.length > 40);
  });

  it('does nothing when performed again', async () => {
    const disk = emptyDisk();
    await run(disk).outcome;
    const again = run(disk, { now: NOW + 5_000 * DAY_MS });
    const outcome = await again.outcome;
    assert.ok(outcome.ok);
    assert.deepEqual(again.effects, []);
  });

  it('removes a last line that a power cut tore, and records that', async () => {
    const disk = emptyDisk();
    await assert.rejects(run(disk, { kill: { at: 12, when: 'after' } }).outcome, Killed);
    const whole = disk.files.get(TRANSCRIPT) ?? assert.fail();
    disk.files.set(TRANSCRIPT, concat([whole, utf8('{"action":"gen')]));
    assert.ok((await run(disk, { now: NOW + 1000 }).outcome).ok);
    assert.ok(verifyDisk(disk).ok);
    assert.match(text(disk, TRANSCRIPT), /"action":"resume"[^\n]*"tornBytes":14/);
  });

  it('refuses an existing output, PIN or token before it touches anything', async () => {
    const paths = [...plan.outputs, ...RECORDS, 'pins/ca-fort.pin'];
    for (const path of paths) {
      const disk = emptyDisk();
      disk.files.set(path, utf8('there'));
      assert.equal(
        await refusal(disk),
        `output-exists: ${path} exists already, and this ceremony did not make it: ` +
          'use another folder, or find out where this file comes from',
      );
      assert.deepEqual([...disk.files.keys()], [path]);
      assert.equal(disk.tokens.size, 0);
    }
    const disk = emptyDisk();
    disk.tokens.set('ocsp-fort', new Map());
    assert.match(await refusal(disk), /^output-exists: tokens\/ocsp-fort exists/);
    assert.equal(disk.files.size, 0);
  });

  it('refuses a clock outside the window of the plan, or behind the transcript', async () => {
    assert.match(await refusal(emptyDisk(), { now: Date.parse('2024-12-31T23:59:59Z') }), /^outside-window/);
    assert.match(await refusal(emptyDisk(), { now: Date.parse('2033-01-01T00:00:01Z') }), /^outside-window/);
    const disk = emptyDisk();
    await assert.rejects(run(disk, { kill: { at: 12, when: 'after' } }).outcome, Killed);
    assert.match(await refusal(disk, { now: NOW - 1000 }), /^clock-behind/);
  });

  it('stops when the clock is set back, and continues to a valid transcript once it is correct', async () => {
    const { effects, outcome: undisturbed } = run(emptyDisk());
    await undisturbed;
    // Nothing is dated after the last line, but the signature is written and its key destroyed.
    const last = effects.lastIndexOf(`append ${TRANSCRIPT}`);
    for (let from = 1; from <= last; from += 1) {
      const disk = emptyDisk();
      const setBack = fakeWorld(disk, { policy });
      const clock = () => (setBack.effects.length < from ? NOW : NOW - DAY_MS);
      const stopped = await performCeremony({ ...setBack.world, clock }, plan);
      assert.equal(stopped.ok ? null : stopped.error.kind, 'clock-behind', `effect ${from}`);
      assert.match(text(disk, TRANSCRIPT), /"action":"stop"[^\n]*\n$/, `effect ${from}`);
      const outcome = await run(disk, { now: NOW + 1000 }).outcome;
      assert.ok(outcome.ok, outcome.ok ? '' : `effect ${from}: ${describeFailure(outcome.error)}`);
      const verified = verifyDisk(disk);
      assert.ok(verified.ok, verified.ok ? '' : `effect ${from}: ${JSON.stringify(verified.error)}`);
    }
  });

  it('is not resumed with another plan or with an altered transcript', async () => {
    const disk = emptyDisk();
    await assert.rejects(run(disk, { kill: { at: 12, when: 'after' } }).outcome, Killed);
    const other = { ...plan, digest: '0'.repeat(64) };
    const outcome = await performCeremony(fakeWorld(disk, { policy }).world, other);
    assert.ok(!outcome.ok && outcome.error.kind === 'another-ceremony');
    disk.files.set(TRANSCRIPT, utf8(text(disk, TRANSCRIPT).replace('"outcome":"made"', '"outcome":"mode"')));
    assert.match(await refusal(disk), /^transcript-altered: transcript, line 3/);
  });

  it('stops at an artefact that was altered between two sittings, and records the stop', async () => {
    const disk = emptyDisk();
    // The kill comes after the root's certificate was recorded.
    const before = run(emptyDisk());
    await before.outcome;
    const at = before.effects.indexOf('create authorities/aci-fo-pp.cer');
    await assert.rejects(run(disk, { kill: { at: at + 1, when: 'before' } }).outcome, Killed);
    const root = 'authorities/acr-fo.cer';
    const untouched = disk.files.get(root) ?? assert.fail();
    const other = emptyDisk();
    await run(other).outcome;
    disk.files.set(root, other.files.get(root) ?? assert.fail());
    assert.match(await refusal(disk), /^artefact-wrong: authorities\/acr-fo\.cer/);
    assert.match(text(disk, TRANSCRIPT), /"action":"stop"/);
    disk.files.delete(root);
    assert.match(await refusal(disk), /^artefact-altered: authorities\/acr-fo\.cer .* it no longer exists/);
    disk.files.set(root, untouched);
    assert.ok((await run(disk).outcome).ok);
    assert.ok(verifyDisk(disk).ok);
  });

  /** The disk after a kill just after the nth effect with this name. */
  const killedAfter = async (effect: string): Promise<Disk> => {
    const undisturbed = run(emptyDisk());
    await undisturbed.outcome;
    const at = undisturbed.effects.indexOf(effect) + 1;
    assert.ok(at > 0, effect);
    const disk = emptyDisk();
    await assert.rejects(run(disk, { kill: { at, when: 'after' } }).outcome, Killed);
    return disk;
  };

  it('publishes its copy of a list after a kill before the publication, without signing again', async () => {
    const disk = await killedAfter('create ceremony/fort/crl/ACI-FO-PP.crl');
    const copy = disk.files.get('ceremony/fort/crl/ACI-FO-PP.crl') ?? assert.fail();
    assert.equal(disk.files.has('crl/ACI-FO-PP.crl'), false);
    const resumed = run(disk, { now: NOW + 60_000 });
    assert.ok((await resumed.outcome).ok);
    assert.deepEqual(disk.files.get('crl/ACI-FO-PP.crl'), copy);
    assert.deepEqual(
      resumed.effects.filter((effect) => effect.startsWith('sign ')),
      ['sign ca-fort/aci-fo-org', 'sign root-fort/ceremony-fort'],
    );
    assert.ok(verifyDisk(disk).ok);
  });

  it('accepts a later published list, when it is resumed and when it is verified', async () => {
    const disk = await killedAfter('create crl/ACI-FO-PP.crl');
    const later = nextCrl(disk, 2);
    disk.files.set('crl/ACI-FO-PP.crl', later);
    const outcome = await run(disk, { now: NOW + 60_000 }).outcome;
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    assert.equal(disk.files.get('crl/ACI-FO-PP.crl'), later);
    assert.ok(verifyDisk(disk).ok);
  });

  it('accepts only a later list of the same authority instead of its own, and needs its copy', async () => {
    const disk = await killedAfter('create crl/ACI-FO-PP.crl');
    const own = disk.files.get('crl/ACI-FO-PP.crl') ?? assert.fail();
    const root = disk.files.get('crl/ACR-FO.crl') ?? assert.fail();
    for (const strange of [root, nextCrl(disk, 1), utf8('no list')]) {
      disk.files.set('crl/ACI-FO-PP.crl', strange);
      assert.match(await refusal(disk), /^artefact-wrong: crl\/ACI-FO-PP\.crl .* neither the list .* nor a later one/);
    }
    disk.files.set('crl/ACI-FO-PP.crl', own);
    disk.files.delete('ceremony/fort/crl/ACI-FO-PP.crl');
    assert.match(await refusal(disk), /^artefact-wrong: crl\/ACI-FO-PP\.crl .* the copy of the ceremony is missing/);
  });

  it('stays finished under later software and policy', async () => {
    const disk = emptyDisk();
    await run(disk).outcome;
    const { world, effects } = fakeWorld(disk, { policy });
    const since = {
      ...world,
      software: { version: '9.0.0', details: {} },
      policy: { ...policy, digest: 'f'.repeat(64) },
    };
    const outcome = await performCeremony(since, plan);
    assert.ok(outcome.ok);
    assert.deepEqual(effects, []);
  });

  it('refuses and keeps a key that no ceremony made, whenever it appears', async () => {
    const other = emptyDisk();
    await run(other).outcome;
    const stranger = other.tokens.get('root-fort')?.get('acr-fo') ?? assert.fail();
    const disk = await killedAfter('create token root-fort');
    const token = disk.tokens.get('root-fort') ?? assert.fail();
    for (const planted of [stranger, { ...stranger, isHalf: true }]) {
      token.set('acr-fo', planted);
      for (const tries of [1, 2]) {
        assert.match(await refusal(disk), /^output-exists: root-fort\/acr-fo exists already/, `${tries}`);
        assert.equal(token.get('acr-fo'), planted);
      }
    }
    token.delete('acr-fo');
    const tamper = (effect: string) => {
      if (effect === 'generate root-fort/acr-fo') throw new Killed(effect);
    };
    await assert.rejects(run(disk, { tamper }).outcome, Killed);
    // The mark remains, so the key on the token is taken for a half-made one of this ceremony and
    // made again.
    token.set('acr-fo', stranger);
    assert.ok((await run(disk, { now: NOW + 1000 }).outcome).ok);
    assert.notEqual(token.get('acr-fo'), stranger);
    assert.ok(verifyDisk(disk).ok);
  });

  it('finds a key that was replaced on its token between two sittings', async () => {
    const disk = emptyDisk();
    const before = run(emptyDisk());
    await before.outcome;
    const at = before.effects.indexOf('create authorities/acr-fo.cer');
    await assert.rejects(run(disk, { kill: { at: at + 1, when: 'before' } }).outcome, Killed);
    const other = emptyDisk();
    await run(other).outcome;
    const stranger = other.tokens.get('root-fort')?.get('acr-fo') ?? assert.fail();
    disk.tokens.get('root-fort')?.set('acr-fo', stranger);
    assert.match(await refusal(disk), /^artefact-altered: key acr-fo on token root-fort .* publicKey/);
  });
});

describe('verifying a transcript', () => {
  const policy = testPolicy();
  const disk = emptyDisk();
  before(async () => {
    await performCeremony(fakeWorld(disk, { policy }).world, testPlan('fort', policy));
  });
  const lines = () => splitLines(new TextDecoder().decode(disk.files.get(TRANSCRIPT))).lines;
  const faultWith = (artefacts: ReadonlyMap<string, Bytes>): VerifyFault => {
    const outcome = verifyTranscript(lines(), (path) => artefacts.get(path) ?? null);
    assert.ok(!outcome.ok);
    return outcome.error;
  };

  it('names an artefact with one changed byte, or a missing one', () => {
    for (const [path, content] of disk.files) {
      if (path === TRANSCRIPT || isReplaced(path) || SHARE.test(path)) continue;
      const altered = content.slice();
      const place = altered.length >> 1;
      altered[place] = (altered[place] ?? 0) ^ 1;
      const fault = faultWith(new Map(disk.files).set(path, altered));
      assert.deepEqual([fault.kind, 'artefact' in fault && fault.artefact], ['artefact-altered', path]);
      const fewer = new Map(disk.files);
      fewer.delete(path);
      assert.deepEqual(faultWith(fewer), { kind: 'artefact-missing', artefact: path });
    }
  });

  it('accepts that later lists and responder certificates replace the published ones', () => {
    const served = new Map([...disk.files].filter(([path]) => !isReplaced(path)));
    assert.ok(verifyTranscript(lines(), (path) => served.get(path) ?? null).ok);
  });

  it('fails for an invalid plan, without an exception', () => {
    const [first = ''] = lines();
    const { at, step, action, result }: Entry = JSON.parse(first);
    const planSha256 = createHash('sha256').update('no plan').digest('hex');
    const begin = entryAfter(null, { at: Date.parse(at), step, action, result: { ...result, planSha256 } });
    const end = entryAfter(begin, { at: Date.parse(at), step: 0, action: 'end', result: {} });
    const forged = [begin, end].map((entry) => entryLine(entry).trimEnd());
    const outcome = verifyTranscript(forged, () => utf8('no plan'));
    assert.ok(!outcome.ok);
    assert.match(
      inBothLanguages(describeVerifyFault(outcome.error)),
      /plan\.json : ce n'est pas un plan \/ .*plan\.json: this is not a plan/,
    );
  });

  it('fails for a file signed with another key, even if the whole chain was rewritten around it', async () => {
    const other = emptyDisk();
    await performCeremony(fakeWorld(other, { policy }).world, testPlan('fort', policy));
    for (const path of ['authorities/aci-fo-pp.cer', 'ceremony/fort/crl/ACI-FO-PP.crl']) {
      const stranger = other.files.get(path) ?? assert.fail(path);
      const sha256 = createHash('sha256').update(stranger).digest('hex');
      const forged = rewritten(lines(), ({ result }) => (result.artefact === path ? { ...result, sha256 } : result));
      const outcome = verifyTranscript(forged, (asked) => new Map(disk.files).set(path, stranger).get(asked) ?? null);
      assert.ok(!outcome.ok);
      assert.equal(
        describeVerifyFault(outcome.error).en.split(':')[1],
        ` not signed with the key of ${path.includes('.cer') ? 'acr-fo' : 'aci-fo-pp'}`,
      );
    }
  });

  it('fails for a transcript that was cut short', () => {
    const outcome = verifyTranscript(lines().slice(0, -1), (path) => disk.files.get(path) ?? null);
    assert.ok(!outcome.ok);
    assert.equal(outcome.error.kind, 'transcript-incomplete');
    assert.ok(!verifyTranscript([], () => null).ok);
  });
});
