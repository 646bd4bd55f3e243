import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInspectionFailure, type OpenedToken, withToken } from '../../../hsm/inspect/inspection.js';
import { TokenError } from '../../../hsm/pkcs11/failures.js';
import { isKeyType, TOKEN_KEY_TYPES, type TokenKeyType } from '../../../hsm/pkcs11/keys/key-types.js';
import { findAnyKey, findKey, generateAnyKeyPair } from '../../../hsm/pkcs11/keys/keys.js';
import { type SignatureScheme, schemesOf, signOnce, verifySignature } from '../../../hsm/pkcs11/keys/mechanisms.js';
import { type MadeToken, makeToken, removeFolder, temporaryFolder } from '../../support/hsm/signers.js';

/** How OpenSSL, the second checker, verifies each scheme. */
const OPENSSL: Readonly<Record<SignatureScheme, readonly string[]>> = {
  'rsa-pkcs1': ['-digest', 'sha256'],
  'rsa-pss': ['-digest', 'sha256', '-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:digest'],
  ecdsa: ['-digest'],
  eddsa: [],
  'ml-dsa': [],
};
const EC_DIGESTS = new Map<TokenKeyType, string>([
  ['p-256', 'sha256'],
  ['p-384', 'sha384'],
  ['p-521', 'sha512'],
]);

describe('mechanisms of a token', () => {
  let home: string;
  let made: MadeToken;

  before(() => {
    home = temporaryFolder();
    made = makeToken(home, 'platform', [['platform', 'p-256']]);
  });
  after(() => removeFolder(home));

  async function opened<Value>(act: (token: OpenedToken) => Value | Promise<Value>): Promise<Value> {
    const result = await withToken(made.configuration, act);
    assert(result.ok, result.ok ? '' : describeInspectionFailure(result.error));
    return result.value;
  }

  for (const keyType of TOKEN_KEY_TYPES.filter((type) => !type.startsWith('ml-dsa') && type !== 'rsa-4096')) {
    for (const scheme of schemesOf(keyType)) {
      it(`a ${keyType} key signs with ${scheme} what node:crypto and OpenSSL verify, and nothing else`, async () => {
        const message = Buffer.from(`to be signed with ${keyType} and ${scheme}`);
        const { key, signature } = await opened(async ({ pkcs11, session }) => {
          const label = `${keyType}-${scheme}`;
          generateAnyKeyPair(session, label, keyType);
          const found = findAnyKey(session, label);
          const where = { session: session.handle, key: found };
          return { key: found, signature: await signOnce(pkcs11, where, { scheme, message }) };
        });
        assert.equal(key.keyType, keyType);
        assert.equal(verifySignature(key, { scheme, message }, signature), true);
        assert.equal(verifySignature(key, { scheme, message: Buffer.from('another') }, signature), false);
        assert.match(opensslVerifies(key, { scheme, message, signature }), /Verified Successfully/);
      });
    }
  }

  function opensslVerifies(
    key: { readonly keyType: TokenKeyType; readonly publicKey: Uint8Array },
    given: { readonly scheme: SignatureScheme; readonly message: Uint8Array; readonly signature: Uint8Array },
  ): string {
    const path = (suffix: string) => join(home, `openssl.${suffix}`);
    const publicKey = createPublicKey({ key: Buffer.from(key.publicKey), format: 'der', type: 'spki' });
    writeFileSync(path('pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(path('tbs'), given.message);
    writeFileSync(path('sig'), given.signature);
    const digest = EC_DIGESTS.get(key.keyType);
    const files = ['-pubin', '-inkey', path('pub'), '-rawin', '-in', path('tbs'), '-sigfile', path('sig')];
    const options = [...OPENSSL[given.scheme], ...(digest === undefined ? [] : [digest])];
    return execFileSync('openssl', ['pkeyutl', '-verify', ...files, ...options]).toString();
  }

  for (const keyType of TOKEN_KEY_TYPES.filter((type) => type.startsWith('ml-dsa'))) {
    it(`${keyType} is refused with the missing mechanism, and no object is left on the token`, async () => {
      await opened(({ session }) => {
        const generate = () => generateAnyKeyPair(session, keyType, keyType);
        assert.throws(generate, (thrown) => {
          assert(thrown instanceof TokenError);
          assert.match(
            thrown.message,
            /^the token pfcng-development-platform-test has no CKM_ML_DSA_KEY_PAIR_GEN: .*ml-dsa/,
          );
          return thrown.failure.kind === 'mechanism-missing';
        });
        assert.throws(() => findAnyKey(session, keyType), /has no key pair/);
      });
    });
  }

  it('a key of a type that signs no certificates is not used by a signer', async () => {
    await opened(({ session }) => {
      for (const keyType of ['p-521', 'ed25519'] as const) {
        assert(!isKeyType(keyType));
        const label = `${keyType}-${schemesOf(keyType)[0]}`;
        assert.throws(() => findKey(session, label), new RegExp(`a ${keyType} key signs no certificates`));
      }
    });
  });
});
