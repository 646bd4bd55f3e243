/** Without these, one of its officers, or OpenSSL, might be unable to open an encrypted backup. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope } from '../../../src/backup/envelope.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { recipientFault } from '../../../src/x509/content-key.js';
import { archiveOf, patternOf, readAll } from '../../support/backup/archives.js';
import { makeRecipient, type Recipient } from '../../support/backup/recipients.js';
import { judge, openssl } from '../../support/service/judges.js';

const PARTS: Readonly<Record<string, Bytes>> = { 'database/pfcng.dump': patternOf(5_000_003), 'home/a': utf8('a') };

describe('an encrypted backup', () => {
  let folder: string;
  let recipients: readonly Recipient[];
  let stranger: Recipient;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-backup-envelope-'));
    recipients = [
      await makeRecipient(folder, { name: 'officer-1', form: 'rsa' }),
      await makeRecipient(folder, { name: 'officer-2', form: 'p-256' }),
      await makeRecipient(folder, { name: 'officer-3', form: 'p-384' }),
    ];
    stranger = await makeRecipient(folder, { name: 'stranger', form: 'rsa' });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const encrypted = async (parts = PARTS) => {
    const envelope = await createEnvelope(recipients.map(({ certificate }) => certificate));
    return { envelope, ...(await archiveOf(parts, { envelope })) };
  };

  it('is opened by the key of each recipient, by the key of its content, and by no other key', async () => {
    const { octets, manifest, envelope } = await encrypted();
    const keys = recipients.map(({ key }) => ({ kind: 'private-key', key }) as const);
    for (const key of [...keys, { kind: 'content-key', key: envelope.contentKey } as const]) {
      const { outcome, found } = await readAll(octets, key);
      assert.ok(outcome.ok, JSON.stringify(outcome));
      assert.deepEqual(outcome.value.manifest, manifest);
      assert.ok(outcome.value.isEncrypted);
      for (const [name, content] of Object.entries(PARTS))
        assert.equal(Buffer.compare(found[name] ?? utf8('-'), content), 0);
    }
    const wrong = await readAll(octets, { kind: 'private-key', key: stranger.key });
    assert.deepEqual(wrong.outcome, { ok: false, error: { kind: 'wrong-key' } });
    assert.deepEqual((await readAll(octets)).outcome, { ok: false, error: { kind: 'key-missing' } });
  });

  it('is opened by OpenSSL with the key of each recipient, and unpacked by tar and cat', async () => {
    const { octets } = await encrypted();
    const file = join(folder, 'backup');
    writeFileSync(file, octets);
    for (const { certificateFile, keyFile } of recipients) {
      const opened = join(folder, 'opened.tar');
      const words = `cms -decrypt -binary -inform DER -in ${file} -recip ${certificateFile} -inkey ${keyFile} -out ${opened}`;
      const { status, output } = await openssl(...words.split(' '));
      assert.equal(status, 0, output);
      const commands = `cd '${folder}'; tar -xf opened.tar; cat database/pfcng.dump.piece-* > joined`;
      const unpacked = await judge('sh', ['-ec', commands]);
      assert.equal(unpacked.status, 0, unpacked.output);
      assert.equal(Buffer.compare(readFileSync(join(folder, 'joined')), patternOf(5_000_003)), 0);
      rmSync(join(folder, 'database'), { recursive: true });
    }
  });

  it('is refused if an octet of it is changed, also one that only other recipients need', async () => {
    const { octets, envelope } = await encrypted({ a: utf8('content') });
    const key = { kind: 'content-key', key: envelope.contentKey } as const;
    assert.ok((await readAll(octets, key)).outcome.ok);
    for (let at = 0; at < octets.length; at += 5) {
      const changed = octets.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      assert.equal((await readAll(changed, key)).outcome.ok, false, `octet ${at} of ${octets.length}`);
    }
  });

  it('is refused wherever it is cut off, and if something follows it', async () => {
    const { octets, envelope } = await encrypted({ a: utf8('content') });
    const key = { kind: 'content-key', key: envelope.contentKey } as const;
    for (let length = 0; length < octets.length; length += 7) {
      const { outcome } = await readAll(octets.subarray(0, length), key);
      assert.deepEqual(outcome, { ok: false, error: { kind: 'truncated' } }, `${length} octets`);
    }
    const { outcome } = await readAll(Uint8Array.from([...octets, 0]), key);
    assert.deepEqual(outcome, { ok: false, error: { kind: 'damaged', detail: 'something follows its end' } });
  });

  it('is made for certificates whose keys may encrypt keys, and for no others', async () => {
    for (const { certificate } of recipients) assert.equal(recipientFault(certificate), null);
    const signs = await makeRecipient(folder, { name: 'signs', form: 'p-256', usage: 'digitalSignature' });
    assert.match(recipientFault(signs.certificate) ?? '', /keyUsage lacks keyAgreement/);
    const signsRsa = await makeRecipient(folder, { name: 'signs-rsa', form: 'rsa', usage: 'digitalSignature' });
    assert.match(recipientFault(signsRsa.certificate) ?? '', /keyUsage lacks keyEncipherment/);
    assert.match(recipientFault(utf8('no certificate')) ?? '', /not a certificate/);
  });
});
