/**
 * Ceremonies of every kind, each interrupted and resumed. What is changed afterwards is found, and
 * the line or file is named.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { isPublishedList } from '../../../../src/ceremony/plan/paths.js';
import { splitLines } from '../../../../src/ceremony/transcript/transcript.js';
import { verifyTranscript } from '../../../../src/ceremony/verify/verify.js';
import { type Bytes, concat, utf8 } from '../../../../src/kernel/bytes.js';
import {
  answerPlan,
  askPlan,
  type FortPlan,
  INCOMING,
  REQUEST_BUNDLE,
  rootPlan,
} from '../../../support/ceremony/bundle-plans.js';
import {
  type Disk,
  developmentPlanText,
  emptyDisk,
  Killed,
  NOW,
  testPlan,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import { copyOf, exampleFile, faultOf, fileOf, inMemory, linesOf } from '../../../support/ceremony/in-memory.js';
import { fortPlan, resharePlan } from '../../../support/ceremony/quorum-plans.js';
import { resetPlan, resharedSoPlan, sharing, withSharedSoPin } from '../../../support/ceremony/so-pin-plans.js';
import { makeCsr } from '../../../support/service/csr.js';

const HOUR = 3_600_000;
const TORN = utf8('{"action":"gen');

/** A finished ceremony: the disk of its machine, and the files that belong to this ceremony. */
type FinishedCeremony = { readonly id: string; readonly disk: Disk; readonly made: readonly string[] };

/** Later lists replace these files, and the ceremony has copies of them. */
const isReplaced = (path: string): boolean => isPublishedList(path) || /^authorities\/.*\.ocsp\.cer$/.test(path);

describe('a finished ceremony', () => {
  const policy = testPolicy();
  const { planOf, run, done } = inMemory(policy);
  let now = NOW;
  let fort: Disk;
  const finished: FinishedCeremony[] = [];

  /** Performs a ceremony that is killed at that effect with its last line torn, and resumes it. */
  async function performAndKill(disk: Disk, plan: object, killedAt: RegExp): Promise<Disk> {
    now += HOUR;
    const { id } = planOf(plan);
    const before = new Set(disk.files.keys());
    let killed = false;
    const tamper = (effect: string): void => {
      if (killed || !killedAt.test(effect)) return;
      killed = true;
      throw new Killed(effect);
    };
    await assert.rejects(run(disk, plan, { now, tamper }).outcome, Killed);
    const transcript = `ceremony/${id}/transcript.ndjson`;
    disk.files.set(transcript, concat([fileOf(disk, transcript), TORN]));
    now += HOUR;
    await done(disk, plan, { now });
    assert.equal(faultOf(disk, id), null, id);
    assert.match(linesOf(disk, id).join('\n'), /"action":"resume".*"tornBytes":14/, id);
    const made = [...disk.files.keys()].filter(
      (path) => !before.has(path) && !isReplaced(path) && !isOrphan(disk, path),
    );
    finished.push({ id, disk, made });
    return disk;
  }

  before(async () => {
    fort = await performAndKill(emptyDisk(), testPlan('fort', policy), /^create authorities\/aci-fo-pp\.cer/);
    const backedUp = await performAndKill(copyOf(fort), exampleFile('back-up-root'), /^create .*root-fort\.json/);
    const lost = copyOf(backedUp);
    lost.tokens.delete('root-fort');
    lost.files.delete('ceremony/fort/root-shares/1/set.json');
    await performAndKill(lost, exampleFile('restore-root'), /^create .*restored\/root-fort\.json/);
    await performAndKill(copyOf(fort), resharePlan(), /^create .*\/2\/in-force\.json/);
    await performAndKill(copyOf(fort), exampleFile('revoke-issuing-authority'), /^replace crl\/ACR-FO\.crl/);
    // The key is gone and the signature file is not renamed yet, so the resumption is recorded
    // after the signed lines.
    await performAndKill(copyOf(fort), exampleFile('yearly-crl'), /^rename .*transcript\.sig/);
    await performAndKill(copyOf(fort), destruction(), /^discard ca-fort\/aci-fo-org/);
    await performAndKill(copyOf(fort), testPlan('platform', policy), /^sign /);

    const access = emptyDisk();
    const request = makeCsr(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
    access.files.set('requests/break-glass-1.csr.pem', utf8(request));
    await performAndKill(access, exampleFile('access-authority'), /^create .*access-shares\/1\/set\.json/);

    const ocsp = emptyDisk();
    await done(ocsp, testPlan('elementaire', policy), { now: NOW });
    const asked = await performAndKill(
      emptyDisk(),
      exampleFile('new-ocsp-token'),
      /^create requests\/aci-el-org\.ocsp\.csr/,
    );
    ocsp.files.set('incoming/ocsp-request.json', fileOf(asked, 'bundles/ocsp-ask.json'));
    await performAndKill(ocsp, exampleFile('approve-ocsp-keys'), /^create authorities\/aci-el-org\.ocsp-key-3\.cer/);

    const plan: FortPlan = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    const root = emptyDisk();
    await done(root, rootPlan(plan), { now: NOW });
    const online = await performAndKill(emptyDisk(), askPlan(plan), /^create bundles/);
    root.files.set(INCOMING.request, fileOf(online, REQUEST_BUNDLE));
    await performAndKill(root, answerPlan(plan), /^create authorities\/aci-fo-pp\.cer/);

    const [so, next] = [sharing('Security officer', 3, 2), sharing('Next officer', 3, 2)];
    const shared = emptyDisk();
    await done(shared, withSharedSoPin(fortPlan(), so), { now: NOW });
    const renewed = resharedSoPlan(fortPlan(), { soQuorum: so, quorum: sharing('Later officer', 3, 2) });
    await performAndKill(copyOf(shared), renewed, /^create .*root-so-shares\/2\/in-force\.json/);
    await performAndKill(shared, resetPlan(fortPlan(), { soQuorum: so, quorum: next }), /^reset PIN root-fort/);
  });

  it('verifies, and every file that it made is checked, with the marks and shares of its quorum', () => {
    assert.equal(finished.length, 15);
    for (const { id, disk, made } of finished)
      for (const path of made) {
        const outcome = verifyWith({ id, disk }, path, null);
        // Only the holder misses a share or copy that was carried away.
        if (outcome === 'holds')
          assert.match(path, /-shares\/\d\/[0-9a-f]{8}-\d\.json$|\.copy\.json$/, `${id}: ${path}`);
        else assert.equal(outcome, path, id);
      }
    const all = finished.flatMap(({ made }) => made);
    const restored = finished.find(({ id }) => id === 'fort-restore');
    assert.ok(restored?.made.includes('ceremony/fort/root-shares/1/set.json'), 'written again');
    for (const kind of [
      /in-force\.json$/,
      /changing\.json$/,
      /set\.json$/,
      /\.copy\.json$/,
      /destroyed\//,
      /restored\//,
    ])
      assert.ok(
        all.some((path) => kind.test(path)),
        `${kind}`,
      );
  });

  it('fails with the line or file named when any byte of transcript, plan or artefact is changed', () => {
    const places = finished.flatMap(({ id, disk, made }) => made.map((path) => ({ id, disk, path })));
    const change = fc.record({
      place: fc.constantFrom(...places),
      at: fc.nat(),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    const isNamed = ({ place, at, flip }: { place: (typeof places)[number]; at: number; flip: number }): void => {
      const altered = fileOf(place.disk, place.path).slice();
      const byte = at % altered.length;
      const line = altered.subarray(0, byte).filter((one) => one === 0x0a).length + 1;
      altered[byte] = (altered[byte] ?? 0) ^ flip;
      const named = verifyWith(place, place.path, altered);
      const wanted = place.path.endsWith('/transcript.ndjson') ? `line ${line}` : place.path;
      assert.equal(named, wanted, `${place.id}: ${place.path}, byte ${byte}`);
    };
    // Changes each file once, and then random places.
    for (const place of places) isNamed({ place, at: fileOf(place.disk, place.path).length >> 1, flip: 1 });
    fc.assert(fc.property(change, isNamed), { numRuns: 1_500 });
  });

  /** Verifies with `content` instead of that file; null: the file is gone. */
  function verifyWith(
    { id, disk }: Pick<FinishedCeremony, 'id' | 'disk'>,
    path: string,
    content: Bytes | null,
  ): string {
    const files = new Map(disk.files);
    if (content === null) files.delete(path);
    else files.set(path, content);
    const own = `ceremony/${id}/transcript.ndjson`;
    const transcript = files.get(own);
    if (transcript === undefined) return own;
    const { lines, torn } = splitLines(new TextDecoder('utf-8', { ignoreBOM: true }).decode(transcript));
    // The command reports a last line without an end in this form.
    if (torn !== '') return `line ${lines.length + 1}`;
    const outcome = verifyTranscript(lines, (asked) => files.get(asked) ?? null);
    if (outcome.ok) return 'holds';
    const { error } = outcome;
    return 'artefact' in error ? error.artefact : error.kind === 'line-altered' ? `line ${error.line}` : error.kind;
  }
});

/**
 * A share of a set that was incomplete at the power cut. The next attempt made another set, to
 * which the folder belongs.
 */
function isOrphan({ files }: Disk, path: string): boolean {
  const [, folder, set] = /^(.*-shares\/\d+)\/([0-9a-f]{8})-\d+\.json$/.exec(path) ?? [];
  if (folder === undefined) return false;
  const used = JSON.parse(new TextDecoder().decode(files.get(`${folder}/set.json`))).set;
  return !`${used}`.startsWith(`${set}`);
}

function destruction(): object {
  const { transcriptKey: _, ...plan } = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
  const output = 'ceremony/destroy/destroyed/ca-fort.aci-fo-org.json';
  const step = { do: 'destroy-key', token: 'ca-fort', key: 'aci-fo-org', reason: 'compromised', despite: 'revoked' };
  return { ...plan, id: 'destroy', steps: [{ ...step, output }], outputs: [output] };
}
