/** CMS EnvelopedData is decrypted by OpenSSL and by our own code. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decryptEnvelope, encryptEnvelope } from '../../../src/x509/enveloped-data.js';

const NO_PASSPHRASE = new Uint8Array(0);
const KEYS = {
  rsa: ['-newkey', 'rsa:2048'],
  'p-256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'p-384': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
} as const;

describe('enveloped data', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-envelope-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...args: readonly string[]): Buffer => execFileSync('openssl', [...args], { stdio: 'pipe' });
  const make = (name: string, words: readonly string[], lock: readonly string[] = ['-nodes']) => {
    const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
    openssl(
      'req',
      '-x509',
      ...words,
      ...lock,
      '-keyout',
      key,
      '-out',
      certificate,
      '-subj',
      '/CN=officer',
      '-days',
      '9',
    );
    return { key, certificate };
  };

  for (const [name, words] of Object.entries(KEYS))
    it(`to a certificate with a key of ${name} is opened by OpenSSL and by us, with that key alone`, async () => {
      const { key, certificate } = make(name, words);
      const content = new Uint8Array(randomBytes(53));
      const cms = await encryptEnvelope(content, readFileSync(certificate));
      assert.ok(cms);
      const file = join(folder, `${name}.cms`);
      writeFileSync(file, cms);
      const opened = openssl('cms', '-decrypt', '-inform', 'DER', '-in', file, '-inkey', key, '-recip', certificate);
      assert.deepEqual(new Uint8Array(opened), content);
      assert.deepEqual(await decryptEnvelope(cms, { key: readFileSync(key), passphrase: NO_PASSPHRASE }), content);
      const stranger = make(`${name}-2`, words);
      assert.equal(await decryptEnvelope(cms, { key: readFileSync(stranger.key), passphrase: NO_PASSPHRASE }), null);
    });

  it('is opened with a key under a passphrase, by that passphrase alone', async () => {
    const { key, certificate } = make('locked', KEYS['p-256'], ['-passout', 'pass:of an officer']);
    const cms = (await encryptEnvelope(Uint8Array.of(1, 2, 3), readFileSync(certificate))) ?? assert.fail();
    const open = (passphrase: string) =>
      decryptEnvelope(cms, { key: readFileSync(key), passphrase: Buffer.from(passphrase) });
    assert.deepEqual(await open('of an officer'), Uint8Array.of(1, 2, 3));
    assert.equal(await open('of another'), null);
    assert.equal(await open(''), null);
  });

  it('are not made for a key that only signs or for malformed certificates, and malformed data is not opened', async () => {
    const { key, certificate } = make('ed25519', ['-newkey', 'ed25519']);
    assert.equal(await encryptEnvelope(Uint8Array.of(1), readFileSync(certificate)), null);
    assert.equal(await encryptEnvelope(Uint8Array.of(1), Uint8Array.of(1)), null);
    assert.equal(
      await decryptEnvelope(Uint8Array.of(0x30, 0), { key: readFileSync(key), passphrase: NO_PASSPHRASE }),
      null,
    );
  });
});
