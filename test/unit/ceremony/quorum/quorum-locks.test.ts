/**
 * Second checks of a quorum, which still hold when the first check of a share or a set was
 * bypassed. Also tests that secrets are overwritten.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import {
  encryptWithPassphrase,
  openWithPassphrase,
  SCRYPT,
  SECRET_BYTES,
  SHARE_BYTES,
} from '../../../../src/ceremony/quorum/share-encryption.js';
import { encodeShare, readShare } from '../../../../src/ceremony/quorum/share-file.js';
import { encodeSet, readSet, type ShareSet } from '../../../../src/ceremony/quorum/share-set.js';
import {
  type Entry,
  entryAfter,
  entryLine,
  readEntries,
  splitLines,
} from '../../../../src/ceremony/transcript/transcript.js';
import { checkArtefacts } from '../../../../src/ceremony/verify/artefacts.js';
import { describeVerifyFault } from '../../../../src/ceremony/verify/verify.js';
import { inBothLanguages } from '../../../../src/kernel/bilingual.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import {
  type Disk,
  emptyDisk,
  fakeWorld,
  NOW,
  passphraseOf,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import { fortPlan, planOf, resharePlan, SHARE_HEADER } from '../../../support/ceremony/quorum-plans.js';

const SET = 'ceremony/fort/root-shares/1/set.json';
describe('the second checks of a quorum', () => {
  const policy = testPolicy();
  const random = (length: number): Bytes => new Uint8Array(randomBytes(length));
  const made = async (): Promise<Disk> => {
    const disk = emptyDisk();
    const outcome = await performCeremony(fakeWorld(disk, { policy }).world, planOf(fortPlan(), policy));
    assert.ok(outcome.ok, outcome.ok ? '' : describeFailure(outcome.error));
    return disk;
  };
  /** The outcome of a re-sharing with a set that was forged so that its digest is correct. */
  const forged = async (forge: (set: Omit<ShareSet, 'digest'>) => Omit<ShareSet, 'digest'>) => {
    const disk = await made();
    const { digest: _, ...set } = readSet(disk.files.get(SET) ?? assert.fail()) ?? assert.fail();
    disk.files.set(SET, encodeSet(forge(set)));
    let asked = 0;
    const ask = ({ about }: { readonly about: string }) => {
      if (about === 'share') asked += 1;
      return asked > 1 ? null : undefined;
    };
    const { world } = fakeWorld(disk, { policy, now: NOW + 3_600_000, people: { ask } });
    const outcome = await performCeremony(world, planOf(resharePlan(), policy));
    assert.ok(!outcome.ok);
    return { disk, message: describeFailure(outcome.error) };
  };

  it('do not try shares on the token that make another PIN than the set announces', async () => {
    const disk = await made();
    const { digest: _, ...set } = readSet(disk.files.get(SET) ?? assert.fail()) ?? assert.fail();
    disk.files.set(SET, encodeSet({ ...set, pinCommitment: 'a'.repeat(64) }));
    const { world } = fakeWorld(disk, { policy, now: NOW + 3_600_000 });
    const outcome = await performCeremony(world, planOf(resharePlan(), policy));
    assert.ok(!outcome.ok);
    assert.match(describeFailure(outcome.error), /do not reconstruct the PIN of their share set; no PIN was tried/);
    assert.deepEqual(disk.refused, []);
  });

  it('report a share as damaged when its content differs from the set', async () => {
    const { disk, message } = await forged((set) => ({
      ...set,
      members: set.members.map((member) => (member.number === 1 ? { ...member, commitment: 'b'.repeat(64) } : member)),
    }));
    assert.match(message, /0 of the 3 required shares/);
    const text = new TextDecoder().decode(disk.files.get('ceremony/fort-reshare/transcript.ndjson'));
    assert.match(text, /"kind":"share-corrupted"/);
    assert.deepEqual(disk.refused, []);
  });

  it('do not open a share under another name, because its labels are authenticated', async () => {
    const share = random(SHARE_BYTES);
    const passphrase = utf8('a passphrase of some length');
    const encrypted = await encryptWithPassphrase({ header: SHARE_HEADER, share }, passphrase, {
      random,
      cost: SCRYPT.development,
    });
    const opened = await openWithPassphrase({ ...SHARE_HEADER, encrypted }, passphrase);
    assert.ok(opened.ok);
    assert.deepEqual(opened.value, share);
    const others = {
      set: '01'.repeat(16),
      token: 'root-standard',
      number: 2,
      threshold: 3,
      holder: 'Two',
      generation: 2,
    };
    for (const [member, value] of Object.entries(others)) {
      const renamed = await openWithPassphrase({ ...SHARE_HEADER, [member]: value, encrypted }, passphrase);
      assert.deepEqual(renamed, { ok: false, error: 'share-not-decrypted' }, member);
    }
  });

  it('encrypt in production at a cost of 256 MiB, which the share states', async () => {
    const share = random(SHARE_BYTES);
    const passphrase = utf8('a passphrase of some length');
    const encrypted = await encryptWithPassphrase({ header: SHARE_HEADER, share }, passphrase, {
      random,
      cost: SCRYPT.production,
    });
    assert.ok(encrypted.kind === 'passphrase');
    assert.equal(128 * encrypted.scrypt.n * encrypted.scrypt.r, 256 * 1024 * 1024);
    const opened = await openWithPassphrase({ ...SHARE_HEADER, encrypted }, passphrase);
    assert.ok(opened.ok);
    assert.deepEqual(opened.value, share);
  });

  it('reject a share that asks for more memory than allowed', async () => {
    const encrypted = { kind: 'passphrase', scrypt: { n: 2 ** 30, r: 8, p: 1 } } as const;
    const encoded = [16, 12, SHARE_BYTES + 16].map((length) => Buffer.from(random(length)).toString('base64'));
    const [salt = '', nonce = '', box = ''] = encoded;
    const opened = await openWithPassphrase(
      { ...SHARE_HEADER, encrypted: { ...encrypted, salt, nonce, box } },
      utf8('any passphrase'),
    );
    assert.deepEqual(opened, { ok: false, error: 'share-malformed' });
  });

  it('accept files of a quorum in one encoding only', async () => {
    const set = new TextDecoder().decode((await made()).files.get(SET));
    assert.ok(readSet(utf8(set)));
    const share = {
      ...SHARE_HEADER,
      encrypted: { kind: 'certificate', certificateSha256: 'c'.repeat(64), cms: 'AAAA' },
    } as const;
    const file = new TextDecoder().decode(encodeShare(share));
    assert.deepEqual(readShare(utf8(file)), share);
    for (const edit of [
      (text: string) => text.replace('{', '{ '),
      (text: string) => text.trimEnd(),
      (text: string) => `\ufeff${text}`,
      (text: string) => text.replace('"form":1', '"form":1,"more":1'),
      (text: string) => text.replace('"form":1', '"form":2'),
      (text: string) => text.replace('"generation":1,', ''),
    ]) {
      assert.equal(readSet(utf8(edit(set))), null);
      assert.equal(readShare(utf8(edit(file))), null);
    }
  });

  it('reject a rewritten transcript that lacks the showing of a certificate', async () => {
    const disk = await made();
    const text = new TextDecoder().decode(disk.files.get('ceremony/fort/transcript.ndjson'));
    let last: Entry | null = null;
    const lines: string[] = [];
    for (const line of splitLines(text).lines) {
      const { at, step, action, result }: Entry = JSON.parse(line);
      if (action === 'confirm' && result.artefact === 'authorities/acr-fo.cer') continue;
      last = entryAfter(last, { at: Date.parse(at), step, action, result });
      lines.push(entryLine(last).trimEnd());
    }
    const entries = readEntries(lines);
    assert.ok(entries.ok);
    const checked = checkArtefacts(entries.value, (path) => disk.files.get(path) ?? null);
    assert.ok(!checked.ok);
    assert.match(
      inBothLanguages(describeVerifyFault(checked.error)),
      /acr-fo\.cer: no line before line \d+ records that it was shown/,
    );
  });

  it('overwrite random PINs and typed secrets when the ceremony ends or stops', async () => {
    for (const stop of [false, true]) {
      const disk = emptyDisk();
      const people = stop
        ? { ask: ({ about }: { readonly about: string }) => (about === 'code' ? null : undefined) }
        : {};
      const { world } = fakeWorld(disk, { policy, people });
      const secrets: Bytes[] = [];
      const typed: Bytes[] = [];
      const watched = {
        ...world,
        random(length: number) {
          const drawn = world.random(length);
          if (length === SECRET_BYTES) secrets.push(drawn);
          return drawn;
        },
        terminal: {
          ...world.terminal,
          async askSecret({ holder }: { readonly holder: string }) {
            const passphrase = utf8(passphraseOf(holder));
            typed.push(passphrase);
            return passphrase;
          },
        },
      };
      assert.equal((await performCeremony(watched, planOf(fortPlan(), policy))).ok, !stop);
      assert.deepEqual([secrets.length, typed.length], [1, 10]);
      for (const bytes of [...secrets, ...typed]) assert.ok(bytes.every((byte) => byte === 0));
    }
  });
});
