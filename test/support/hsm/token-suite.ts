/** The tests of a PKCS#11 implementation, for each that is installed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CeremonyToken } from '../../../hsm/pkcs11/ceremony-token.js';
import { TokenError } from '../../../hsm/pkcs11/failures.js';
import { KEY_TYPE_FACTS } from '../../../hsm/pkcs11/keys/key-types.js';
import { KEY_TYPES } from '../../../src/x509/model.js';
import type { Implementation } from './implementations.js';
import { PIN, removeFolder, temporaryFolder } from './signers.js';

/** Both PINs have six to eight bytes, which every implementation accepts. */
const SO_PIN = '90817263';

const failure = (kind: string) => (thrown: unknown) => thrown instanceof TokenError && thrown.failure.kind === kind;

/** What every implementation must do. `implementation` is called when the tests run. */
export function describeTokens(title: string, implementation: () => Implementation): void {
  describe(title, () => {
    let folder: string;
    let token: CeremonyToken;
    const location = (name: string) => ({
      modulePath: implementation().modulePath,
      directory: join(folder, name),
      label: `pfcng-development-${name}`,
      pin: PIN,
    });

    before(async () => {
      folder = temporaryFolder();
      token = await implementation().create({ ...location('first'), soPin: SO_PIN });
    });
    after(async () => {
      await token.close();
      removeFolder(folder);
    });

    for (const keyType of KEY_TYPES) {
      it(`a ${keyType} key signs what node:crypto and OpenSSL verify with its public key`, async () => {
        const spki = await token.generateKey(keyType, keyType);
        const tbs = Buffer.from(`to be signed with ${keyType}`);
        const signature = await token.sign(keyType, keyType, tbs);
        const { hash } = KEY_TYPE_FACTS[keyType];
        const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
        assert(verify(hash, tbs, publicKey, signature));
        const path = (suffix: string) => join(folder, `${keyType}.${suffix}`);
        writeFileSync(path('pub'), publicKey.export({ type: 'spki', format: 'pem' }));
        writeFileSync(path('tbs'), tbs);
        writeFileSync(path('sig'), signature);
        const args = ['dgst', `-${hash}`, '-verify', path('pub'), '-signature', path('sig'), path('tbs')];
        assert.match(execFileSync('openssl', args).toString(), /Verified OK/);
        assert.deepEqual(await token.publicKey(keyType), spki);
      });
    }

    it('a new key is private, sensitive, never extractable, made on the token, for signing only', async () => {
      await token.generateKey('born', 'p-256');
      assert.deepEqual(await token.attributes('born'), {
        CKA_TOKEN: true,
        CKA_PRIVATE: true,
        CKA_SENSITIVE: true,
        CKA_EXTRACTABLE: false,
        CKA_SIGN: true,
        CKA_SIGN_RECOVER: false,
        CKA_DECRYPT: false,
        CKA_UNWRAP: false,
        CKA_DERIVE: false,
        CKA_LOCAL: true,
        CKA_ALWAYS_SENSITIVE: true,
        CKA_NEVER_EXTRACTABLE: true,
      });
    });

    it('a key that was imported is refused, and the reason names the attribute', async () => {
      const key = join(folder, 'imported.pem');
      execFileSync('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key], {
        stdio: 'pipe',
      });
      const other = await implementation().create({ ...location('other'), soPin: SO_PIN });
      await other.close();
      implementation().importKey(location('other'), 'imported', key);
      const opened = await implementation().open(location('other'));
      await assert.rejects(opened.sign('imported', 'rsa-2048', Buffer.from('x')), (thrown: unknown) => {
        assert(thrown instanceof TokenError);
        assert.match(thrown.message, /^key imported: CKA_\w+ must be (true|false), is (true|false)$/);
        return true;
      });
      assert.equal((await opened.attributes('imported')).CKA_LOCAL, false);
      await opened.close();
    });

    it('two tokens are used in turn, each with its own keys', async () => {
      const second = await implementation().create({ ...location('second'), soPin: SO_PIN });
      await second.generateKey('only-second', 'p-256');
      await token.generateKey('only-first', 'p-256');
      const signed = await Promise.all([
        second.sign('only-second', 'p-256', Buffer.from('a')),
        token.sign('only-first', 'p-256', Buffer.from('b')),
        second.sign('only-second', 'p-256', Buffer.from('c')),
      ]);
      assert.equal(signed.length, 3);
      await assert.rejects(second.publicKey('only-first'), failure('key-not-found'));
      await assert.rejects(token.publicKey('only-second'), failure('key-not-found'));
      await second.close();
    });

    it('labels are unique: a second token or key of one label is refused', async () => {
      await assert.rejects(token.generateKey('born', 'p-256'), failure('key-exists'));
      const third = await implementation().create({ ...location('third'), soPin: SO_PIN });
      await third.close();
      await assert.rejects(implementation().create({ ...location('third'), soPin: SO_PIN }), failure('token-exists'));
    });

    it('a token that is open cannot be opened a second time', async () => {
      await assert.rejects(implementation().open(location('first')), failure('token-busy'));
    });

    it('a wrong PIN, a wrong label and a wrong key type are told apart', async () => {
      const fourth = await implementation().create({ ...location('fourth'), soPin: SO_PIN });
      await fourth.generateKey('k', 'p-256');
      await assert.rejects(fourth.sign('k', 'p-384', Buffer.from('x')), failure('key-mismatch'));
      await fourth.close();
      await assert.rejects(implementation().open({ ...location('fourth'), pin: '0000' }), failure('pin-refused'));
      await assert.rejects(implementation().open({ ...location('fourth'), label: 'none' }), failure('token-not-found'));
    });

    it('a destroyed key is gone, and its label can be used again', async () => {
      await token.generateKey('short-lived', 'p-256');
      await token.destroyKey('short-lived');
      await assert.rejects(token.publicKey('short-lived'), failure('key-not-found'));
      await token.generateKey('short-lived', 'p-384');
    });
  });
}
