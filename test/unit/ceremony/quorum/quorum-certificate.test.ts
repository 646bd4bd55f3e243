/**
 * Shares encrypted to certificates, opened at the terminal with the holder's key, and by OpenSSL.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import type { CeremonyPlan, Holder, PlanFile } from '../../../../src/ceremony/plan/model.js';
import { commitmentTo, openWithKey, SHARE_BYTES } from '../../../../src/ceremony/quorum/share-encryption.js';
import { readShare } from '../../../../src/ceremony/quorum/share-file.js';
import { readSet } from '../../../../src/ceremony/quorum/share-set.js';
import { concat, utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { err } from '../../../../src/kernel/result.js';
import { encryptEnvelope } from '../../../../src/x509/enveloped-data.js';
import {
  type Disk,
  emptyDisk,
  type FakeOptions,
  fakeWorld,
  NOW,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import { fortPlan, planOf, resharePlan } from '../../../support/ceremony/quorum-plans.js';

const CERTIFICATE = 'officers/certificates/1.pem';
const FOLDER = 'ceremony/fort/root-shares/1';

describe('a share that is encrypted to a certificate', () => {
  const policy = testPolicy();
  let folder: string;
  let certificate: Buffer;
  let key: Buffer;
  let made: Disk;
  const openssl = (...args: readonly string[]): Buffer => execFileSync('openssl', [...args], { stdio: 'pipe' });
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-encrypted-'));
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
    openssl('req', '-x509', ...curve, '-passout', 'pass:key of one', ...files, '-subj', '/CN=officer', '-days', '9');
    certificate = readFileSync(join(folder, 'certificate.pem'));
    key = readFileSync(join(folder, 'key.pem'));
    made = emptyDisk();
    made.files.set(CERTIFICATE, new Uint8Array(certificate));
    const outcome = await run(made, planOf(certificatePlan(fortPlan()), policy));
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (disk: Disk, plan: CeremonyPlan, options: Omit<FakeOptions, 'policy'> = {}) =>
    performCeremony(fakeWorld(disk, { policy, ...options }).world, plan);
  /** Officer 1's share is encrypted to the certificate, those of the others under passphrases. */
  const certificatePlan = (plan: PlanFile): PlanFile => {
    assert.ok(plan.quorum.kind === 'shares');
    const sha256 = createHash('sha256').update(certificate).digest('hex');
    const holders = plan.quorum.holders.map(
      (holder, at): Holder => (at === 0 ? { ...holder, encryption: { certificate: CERTIFICATE, sha256 } } : holder),
    );
    return { ...plan, quorum: { ...plan.quorum, holders } };
  };
  const later = (): CeremonyPlan => planOf(resharePlan(certificatePlan), policy);
  const answering = (...keys: readonly string[]): Pick<FakeOptions, 'now' | 'people'> => {
    const waiting = [...keys];
    return {
      now: NOW + 3_600_000,
      people: {
        ask: ({ about }) => (about === 'key-file' ? (waiting.shift() ?? null) : undefined),
        askSecret: ({ about }) => (about === 'key-passphrase' ? 'key of one' : undefined),
      },
    };
  };
  const copy = (): Disk => ({
    files: new Map(made.files),
    tokens: new Map(made.tokens),
    pins: new Map(made.pins),
    refused: [],
  });

  it('opens with the holder’s key, after a question for its path and passphrase', async () => {
    const disk = copy();
    disk.files.set('/media/usb/key.pem', new Uint8Array(key));
    disk.files.set('/media/usb/other.pem', new Uint8Array(certificate));
    const paths = ['/media/usb/none.pem', '/media/usb/other.pem', '/media/usb/key.pem'];
    const outcome = await run(disk, later(), answering(...paths));
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    const transcript = new TextDecoder().decode(disk.files.get('ceremony/fort-reshare/transcript.ndjson'));
    assert.match(transcript, /that key does not decrypt share 1 \(Development officer 1\)/);
    assert.deepEqual(disk.refused, []);
  });

  it('contains for OpenSSL the share that the set knows, and the digest of its certificate', () => {
    const set = readSet(made.files.get(`${FOLDER}/set.json`) ?? assert.fail()) ?? assert.fail();
    const [member = assert.fail()] = set.members;
    assert.equal(member.encryption, 'certificate');
    const share = readShare(made.files.get(`${FOLDER}/${member.file}`) ?? assert.fail());
    assert.ok(share?.encrypted.kind === 'certificate');
    const file = join(folder, 'share.cms');
    writeFileSync(file, Buffer.from(share.encrypted.cms, 'base64'));
    const keyFile = join(folder, 'key.pem');
    const words = [
      '-in',
      file,
      '-inkey',
      keyFile,
      '-passin',
      'pass:key of one',
      '-recip',
      join(folder, 'certificate.pem'),
    ];
    const content = openssl('cms', '-decrypt', '-inform', 'DER', ...words);
    assert.equal(content.length, SHARE_BYTES + 32);
    assert.equal(commitmentTo('share', set.set, content.subarray(0, SHARE_BYTES)), member.commitment);
  });

  it('does not open under another name, or when it does not contain a share and its digest', async () => {
    const set = readSet(made.files.get(`${FOLDER}/set.json`) ?? assert.fail()) ?? assert.fail();
    const share = readShare(made.files.get(`${FOLDER}/${set.members[0]?.file}`) ?? assert.fail()) ?? assert.fail();
    const holding = { key: new Uint8Array(key), passphrase: utf8('key of one') };
    const opened = await openWithKey(share, holding);
    assert.ok(opened.ok && opened.value.length === SHARE_BYTES);
    for (const [member, value] of Object.entries({ number: 2, holder: 'Two', token: 'root-standard', generation: 2 }))
      assert.deepEqual(await openWithKey({ ...share, [member]: value }, holding), err('share-malformed'), member);
    // EnvelopedData alone binds nothing: anybody can encrypt other bytes to the same certificate.
    for (const content of [opened.value, concat([opened.value, new Uint8Array(32)]), new Uint8Array(1)]) {
      const cms = Buffer.from((await encryptEnvelope(content, new Uint8Array(certificate))) ?? assert.fail());
      const forged = { ...share, encrypted: { ...share.encrypted, cms: cms.toString('base64') } } as typeof share;
      assert.deepEqual(await openWithKey(forged, holding), err('share-malformed'), `${content.length} bytes`);
    }
  });

  it('is not made for a certificate whose keyUsage does not permit encryption', async () => {
    const file = join(folder, 'signature.pem');
    const curve = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-384',
      '-noenc',
      '-keyout',
      join(folder, 'other.pem'),
    ];
    openssl('req', '-x509', ...curve, '-out', file, '-subj', '/CN=officer', '-addext', 'keyUsage=digitalSignature');
    const signature = new Uint8Array(readFileSync(file));
    const plan = certificatePlan(fortPlan());
    assert.ok(plan.quorum.kind === 'shares');
    const encryption = { certificate: CERTIFICATE, sha256: sha256Hex(signature) };
    const holders = plan.quorum.holders.map((holder, at): Holder => (at === 0 ? { ...holder, encryption } : holder));
    const disk = emptyDisk();
    disk.files.set(CERTIFICATE, signature);
    const refused = await run(disk, planOf({ ...plan, quorum: { ...plan.quorum, holders } }, policy));
    assert.ok(!refused.ok);
    assert.match(describeFailure(refused.error), /officers\/certificates\/1\.pem .* nothing can be encrypted for/);
  });

  it('is not made when the certificate is missing or not the one of the plan', async () => {
    const plan = planOf(certificatePlan(fortPlan()), policy);
    const missing = await run(emptyDisk(), plan);
    assert.ok(!missing.ok && missing.error.kind === 'missing');
    const disk = emptyDisk();
    disk.files.set(CERTIFICATE, new Uint8Array(key));
    const other = await run(disk, plan);
    assert.ok(!other.ok);
    assert.match(describeFailure(other.error), /officers\/certificates\/1\.pem .* its SHA-256 is [0-9a-f]{64}/);
    assert.equal(disk.tokens.size, 0);
  });
});
