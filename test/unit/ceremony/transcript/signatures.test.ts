/**
 * The signatures over a transcript. `altered.test.ts` tests that `verify` names the place of any
 * change.
 */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import type { CeremonyPlan } from '../../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../../src/ceremony/plan/read.js';
import { splitLines } from '../../../../src/ceremony/transcript/transcript.js';
import type { VerifyFault } from '../../../../src/ceremony/verify/model.js';
import { verifyTranscript } from '../../../../src/ceremony/verify/verify.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { assembleCertificate, encodeTbs } from '../../../../src/x509/certificate/certificate-writer.js';
import { encodeName } from '../../../../src/x509/certificate/name-writer.js';
import { writeKeyUsage } from '../../../../src/x509/extensions/key-usage.js';
import {
  type Disk,
  developmentPlanText,
  emptyDisk,
  fakeWorld,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';

const FOLDER = 'ceremony/platform';
const sha256 = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');

const OFFICER = [[{ type: '2.5.4.3', form: 'utf8String', value: 'An officer' }]] as const;

/**
 * A certificate of this key. Its issuer does not matter, because the plan names the certificate by
 * its hash.
 */
function testCertificate(publicKey: KeyObject): Bytes {
  const tbs = encodeTbs({
    serial: Uint8Array.of(1),
    signatureAlgorithm: 'ecdsaWithSha256',
    issuerDer: encodeName(OFFICER),
    validity: { notBefore: 0, notAfter: Date.parse('2040-01-01T00:00:00Z') },
    subject: OFFICER,
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    extensions: [writeKeyUsage(['digitalSignature'])],
  });
  return assembleCertificate(tbs, 'ecdsaWithSha256', Uint8Array.of(1));
}

describe('signatures over a transcript', () => {
  const policy = testPolicy();
  const disk = emptyDisk();
  const transcriptOf = (files: Disk['files']) => files.get(`${FOLDER}/transcript.ndjson`) ?? assert.fail();
  const verify = (files: ReadonlyMap<string, Bytes>) => {
    const text = new TextDecoder().decode(files.get(`${FOLDER}/transcript.ndjson`));
    const { lines, torn } = splitLines(text);
    return torn === '' ? verifyTranscript(lines, (path) => files.get(path) ?? null) : null;
  };
  const place = (fault: VerifyFault): string => ('artefact' in fault ? fault.artefact : fault.kind);
  const planWith = (edit: (plan: Record<string, unknown>) => void): CeremonyPlan => {
    const plan = JSON.parse(new TextDecoder().decode(developmentPlanText('platform')));
    edit(plan);
    const read = readPlan(utf8(JSON.stringify(plan)), { file: 'p.json', policy });
    assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.error));
    return read.value;
  };

  before(async () => {
    const performed = await performCeremony(
      fakeWorld(disk, { policy }).world,
      planWith(() => undefined),
    );
    assert.ok(performed.ok);
  });

  it('cover the whole transcript with the ceremony’s key, which is then destroyed', () => {
    const verified = verify(disk.files);
    assert.ok(verified?.ok);
    assert.equal(verified.value.isSigned, true);
    assert.ok(disk.files.has(`${FOLDER}/transcript.sig`));
    const left = ['platform', 'cmp-fort', 'cmp-standard', 'cmp-elementaire'];
    assert.deepEqual([...(disk.tokens.get('platform')?.keys() ?? [])], left);
  });

  it('are required: verify fails without the signature or with that of another ceremony', async () => {
    const fewer = new Map(disk.files);
    fewer.delete(`${FOLDER}/transcript.sig`);
    const missing = verify(fewer);
    assert.deepEqual(missing, { ok: false, error: { kind: 'artefact-missing', artefact: `${FOLDER}/transcript.sig` } });
    const other = emptyDisk();
    await performCeremony(
      fakeWorld(other, { policy }).world,
      planWith(() => undefined),
    );
    const stranger = other.files.get(`${FOLDER}/transcript.sig`) ?? assert.fail();
    const outcome = verify(new Map(disk.files).set(`${FOLDER}/transcript.sig`, stranger));
    assert.ok(outcome !== null && !outcome.ok && place(outcome.error) === `${FOLDER}/transcript.sig`);
  });

  it('need a transcriptKey with the name of this ceremony, made by a step', () => {
    const faults = (edit: (plan: Record<string, unknown>) => void): readonly string[] => {
      const plan = JSON.parse(new TextDecoder().decode(developmentPlanText('platform')));
      edit(plan);
      const read = readPlan(utf8(JSON.stringify(plan)), { file: 'p.json', policy });
      return read.ok ? [] : read.error.faults.map(({ pointer, message }) => `${pointer} ${message.en}`);
    };
    assert.deepEqual(
      faults((plan) => Object.assign(plan, { transcriptKey: { token: 'platform', key: 'ceremony-other' } })),
      ['/transcriptKey/key must be ceremony-platform'],
    );
    assert.deepEqual(
      faults((plan) => Object.assign(plan, { transcriptKey: { token: 'root-fort', key: 'ceremony-platform' } })),
      ['/transcriptKey no step makes this key'],
    );
    assert.ok(
      faults((plan) => Object.assign(plan, { transcriptKey: undefined, environment: 'production' })).some((fault) =>
        /transcriptKey is missing/.test(fault),
      ),
    );
  });

  for (const [kind, make] of Object.entries({
    rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ec: () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
    ed25519: () => generateKeyPairSync('ed25519'),
  })) {
    it(`are required from a person whose certificate the plan names (${kind})`, async () => {
      const pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = make();
      const certificate = testCertificate(pair.publicKey);
      const plan = planWith((edited) => {
        const people = edited.people as Record<string, unknown>[];
        Object.assign(people[0] ?? {}, { certificateSha256: sha256(certificate) });
      });
      const signed = emptyDisk();
      assert.ok((await performCeremony(fakeWorld(signed, { policy }).world, plan)).ok);
      const paths = [`${FOLDER}/signatures/1.cer`, `${FOLDER}/signatures/1.sig`] as const;
      const without = verify(signed.files);
      assert.ok(without !== null && !without.ok && place(without.error) === paths[0]);
      const hash = kind === 'ed25519' ? null : 'sha256';
      const signature = new Uint8Array(sign(hash, transcriptOf(signed.files), pair.privateKey));
      const files = new Map(signed.files).set(paths[0], certificate).set(paths[1], signature);
      const outcome = verify(files);
      assert.ok(outcome?.ok, JSON.stringify(outcome));
      assert.deepEqual(outcome.value.signedBy, [plan.people[0]?.name]);
      const elsewhere = new Uint8Array(sign(hash, utf8('another'), pair.privateKey));
      const wrong = verify(new Map(files).set(paths[1], elsewhere));
      assert.ok(wrong !== null && !wrong.ok && place(wrong.error) === paths[1]);
      const stranger = verify(new Map(files).set(paths[0], testCertificate(make().publicKey)));
      assert.ok(stranger !== null && !stranger.ok && place(stranger.error) === paths[0]);
    });
  }

  it('may be missing from a rehearsal, but those that exist must be valid', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const certificate = testCertificate(publicKey);
    const plan = planWith((edited) => {
      const people = edited.people as Record<string, unknown>[];
      Object.assign(people[0] ?? {}, { certificateSha256: sha256(certificate) });
    });
    const rehearsed = emptyDisk();
    const world = { ...fakeWorld(rehearsed, { policy }).world, isRehearsal: true };
    assert.ok((await performCeremony(world, plan)).ok);
    const outcome = verify(rehearsed.files);
    assert.ok(outcome?.ok, JSON.stringify(outcome));
    assert.deepEqual([outcome.value.signedBy, outcome.value.toSign], [[], [plan.people[0]?.name]]);
    const [cer, sig] = [`${FOLDER}/signatures/1.cer`, `${FOLDER}/signatures/1.sig`];
    const good = new Uint8Array(sign(null, transcriptOf(rehearsed.files), privateKey));
    const half = verify(new Map(rehearsed.files).set(sig, good));
    assert.ok(half !== null && !half.ok && place(half.error) === cer);
    const wrong = verify(
      new Map(rehearsed.files).set(cer, certificate).set(
        sig,
        good.map((byte) => byte ^ 1),
      ),
    );
    assert.ok(wrong !== null && !wrong.ok && place(wrong.error) === sig);
  });
});
