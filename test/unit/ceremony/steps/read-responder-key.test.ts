/**
 * `read-key` on a token of OCSP responders compares its keys with the certificates that approve
 * them, from any ceremony.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import type { CeremonyPlan } from '../../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../../src/ceremony/plan/read.js';
import { splitLines } from '../../../../src/ceremony/transcript/transcript.js';
import { describeVerifyFault, verifyTranscript } from '../../../../src/ceremony/verify/verify.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { packageRoot } from '../../../../src/package/package-root.js';
import { type Disk, emptyDisk, fakeWorld, testPlan, testPolicy } from '../../../support/ceremony/fake-world.js';

const TOKEN = 'ocsp-elementaire';
const APPROVED = ['authorities/aci-el-pp.ocsp-key-2.cer', 'authorities/aci-el-org.ocsp-key-3.cer'] as const;
const KEPT = [
  'ceremony/read/authorities/aci-el-pp.ocsp.cer',
  'ceremony/read/authorities/aci-el-org.ocsp-rsa-2048.cer',
] as const;

describe('a key of OCSP responders that a later ceremony reads', () => {
  const policy = testPolicy();
  const example = (file: string, members: object = {}) => {
    const text = readFileSync(join(packageRoot(), 'policies/ceremonies/examples', file), 'utf8');
    const plan = { ...JSON.parse(text), ...members };
    return readPlan(utf8(JSON.stringify(plan)), { file, policy });
  };
  const reading = (keys: readonly string[], more: object = {}) =>
    example('new-ocsp-token.json', {
      id: 'read',
      transcriptKey: undefined,
      outputs: [],
      steps: keys.map((key) => ({ do: 'read-key', token: TOKEN, key, ...more })),
    });
  const checked = (plan: ReturnType<typeof example>): CeremonyPlan => {
    assert.ok(plan.ok, plan.ok ? '' : JSON.stringify(plan.error));
    return plan.value;
  };
  /** The refusal; null: the ceremony was performed. */
  const perform = async (disk: Disk, plan: CeremonyPlan): Promise<string | null> => {
    const outcome = await performCeremony(fakeWorld(disk, { policy }).world, plan);
    return outcome.ok ? null : describeFailure(outcome.error);
  };
  const fileOf = (disk: Disk, path: string): Bytes => disk.files.get(path) ?? assert.fail(path);
  const faultOf = (disk: Disk): string | null => {
    const { lines } = splitLines(new TextDecoder().decode(fileOf(disk, 'ceremony/read/transcript.ndjson')));
    const verified = verifyTranscript(lines, (path) => disk.files.get(path) ?? null);
    return verified.ok ? null : describeVerifyFault(verified.error).en;
  };

  /**
   * The hierarchy with its first token of responders, and a second token that is not installed yet.
   */
  const home = emptyDisk();
  const elsewhere = emptyDisk();
  const isRead = checked(reading(['aci-el-pp', 'aci-el-org.rsa-2048']));
  const isFirst = checked(reading(['aci-el-pp']));
  before(async () => {
    assert.equal(await perform(home, testPlan('elementaire', policy)), null);
    assert.equal(await perform(elsewhere, checked(example('new-ocsp-token.json'))), null);
    home.files.set('incoming/ocsp-request.json', fileOf(elsewhere, 'bundles/ocsp-ask.json'));
  });
  const copyOfHome = (token?: Disk['tokens']): Disk => {
    const disk = { ...home, files: new Map(home.files), tokens: new Map(home.tokens) };
    const keys = token?.get(TOKEN);
    return keys === undefined ? disk : { ...disk, tokens: new Map(disk.tokens).set(TOKEN, new Map(keys)) };
  };

  it('is compared with the approving certificate of any ceremony, of which a copy is stored', async () => {
    assert.equal(await perform(copyOfHome(), isFirst), null);
    // The new token replaces the first one, as the operator installs it.
    const disk = copyOfHome(elsewhere.tokens);
    assert.equal(await perform(disk, checked(example('approve-ocsp-keys.json'))), null);
    assert.equal(await perform(disk, isRead), null);
    assert.equal(faultOf(disk), null);
    for (const [at, path] of KEPT.entries()) assert.deepEqual(fileOf(disk, path), fileOf(disk, APPROVED[at] ?? ''));
    // The certificate in use is renewed every month and is not part of this transcript, but the
    // certificate that was read is.
    disk.files.set('authorities/aci-el-pp.ocsp.cer', fileOf(disk, APPROVED[1]));
    assert.equal(faultOf(disk), null);
    disk.files.set(KEPT[0], fileOf(disk, APPROVED[1]));
    assert.match(faultOf(disk) ?? '', /^ceremony\/read\/authorities\/aci-el-pp\.ocsp\.cer: its SHA-256/);
  });

  it('is refused when no CA or another CA has approved it, and when it is missing', async () => {
    const disk = copyOfHome(elsewhere.tokens);
    assert.match(
      (await perform(disk, isFirst)) ?? '',
      /the certificate of key aci-el-pp on token ocsp-elementaire \(authorities\/aci-el-pp\.ocsp\.cer\)/,
    );
    const crossed = copyOfHome(elsewhere.tokens);
    assert.equal(await perform(crossed, checked(example('approve-ocsp-keys.json'))), null);
    const replaced = { ...crossed, files: new Map(crossed.files).set(KEPT[0], fileOf(crossed, APPROVED[1])) };
    assert.match((await perform(replaced, isFirst)) ?? '', /aci-el-pp\.ocsp\.cer exists already/);
    // The ceremony that had begun continues, and meanwhile somebody has added a copy.
    const resumed = { ...disk, files: new Map(disk.files).set(KEPT[0], fileOf(crossed, APPROVED[1])) };
    assert.match((await perform(resumed, isFirst)) ?? '', /aci-el-pp\.ocsp\.cer .*not for the key on the token/);
    const other = crossed.tokens.get(TOKEN)?.get('aci-el-org') ?? assert.fail();
    crossed.tokens.set(TOKEN, new Map([['aci-el-pp', other]]));
    assert.match(
      (await perform(crossed, isFirst)) ?? '',
      /aci-el-org\.ocsp-key-2\.cer .*not signed with the key of aci-el-pp/,
    );
    crossed.tokens.set(TOKEN, new Map([['aci-el-org', other]]));
    assert.match((await perform(crossed, isFirst)) ?? '', /key aci-el-pp on token ocsp-elementaire/);
  });

  it('is named in the plan as on the token, by its CA, and needs no other issuer', () => {
    const faultsOf = (plan: ReturnType<typeof example>): readonly string[] =>
      plan.ok ? [] : plan.error.faults.map(({ pointer, message }) => `${pointer} ${message.en}`);
    assert.deepEqual(faultsOf(reading(['acr-el'])), ['/steps/0/key acr-el is no issuing authority']);
    assert.deepEqual(faultsOf(reading(['aci-el-pp'], { issuer: 'acr-el' })), [
      '/steps/0/issuer the key of a responder has the name of its CA: leave it out',
    ]);
  });
});
