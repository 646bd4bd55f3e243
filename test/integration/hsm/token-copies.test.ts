/** What a copy of a SoftHSM token has in it, and why a key of ours is not wrapped instead. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyGenMechanism, MechanismEnum, type Session } from 'graphene-pk11';
import {
  changeSecurityOfficersPin,
  createCeremonyToken,
  openCeremonyToken,
  resetUserPin,
} from '../../../hsm/pkcs11/ceremony-token.js';
import { ckrOf, TokenError } from '../../../hsm/pkcs11/failures.js';
import { findPrivateKey, generateKeyPair } from '../../../hsm/pkcs11/keys/keys.js';
import { finaliseModule, findToken, initialiseModule, loadModule } from '../../../hsm/pkcs11/module.js';
import { writeTokenFiles } from '../../../hsm/pkcs11/softhsm/softhsm-files.js';
import { login, openSession } from '../../../hsm/pkcs11/token.js';
import { softhsm } from '../../support/hsm/implementations.js';
import { PIN, removeFolder, temporaryFolder } from '../../support/hsm/signers.js';

const SO_PIN = '90817263';

describe('a copy of a SoftHSM token', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => removeFolder(folder));
  const location = (name: string) => ({
    modulePath: softhsm.modulePath,
    directory: join(folder, name),
    label: 'pfcng-development-copied',
    pin: PIN,
  });

  it('has no private key in clear: no part of a known one is found, but its modulus is', async () => {
    const pem = join(folder, 'known.pem');
    execFileSync('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', pem], {
      stdio: 'pipe',
    });
    await (await createCeremonyToken({ ...location('known'), soPin: SO_PIN })).close();
    softhsm.importKey(location('known'), 'known', pem);
    const token = await openCeremonyToken(location('known'));
    const whole = Buffer.concat([...(await token.copy()).values()]);
    assert.deepEqual(await token.keys(), ['known']);
    await token.close();
    const jwk = createPrivateKey(readFileSync(pem)).export({ format: 'jwk' });
    const part = (name: 'n' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi') => Buffer.from(`${jwk[name]}`, 'base64url');
    assert.ok(whole.includes(part('n')));
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const) {
      const octets = part(name);
      for (let at = 0; at + 16 <= octets.length; at += 16)
        assert.ok(!whole.includes(octets.subarray(at, at + 16)), name);
    }
    assert.ok(!whole.includes(PIN) && !whole.includes(SO_PIN));
  });

  it('in another folder it is the same token, with the keys, attributes and PIN of its time', async () => {
    const token = await createCeremonyToken({ ...location('first'), soPin: SO_PIN });
    const spki = await token.generateKey('kept', 'p-256');
    const { serialNumber } = await token.info();
    const files = await token.copy();
    // Taken out of the reader for the copy, it is used on as before.
    const attributes = await token.attributes('kept');
    await token.generateKey('later', 'p-256');
    await token.changePin('another PIN');
    await token.close();
    writeTokenFiles(location('second').directory, files);
    await assert.rejects(openCeremonyToken({ ...location('second'), pin: 'another PIN' }), /PIN/i);
    const restored = await openCeremonyToken(location('second'));
    assert.deepEqual(await restored.keys(), ['kept']);
    assert.deepEqual(await restored.publicKey('kept'), spki);
    assert.deepEqual(await restored.attributes('kept'), attributes);
    assert.equal((await restored.info()).serialNumber, serialNumber);
    await restored.close();
  });

  it('of the file with its label and keys, made against an incomplete write, never restores an old PIN', async () => {
    for (const change of ['by its user', 'by its security officer'] as const) {
      const place = location(`changed ${change}`);
      await (await createCeremonyToken({ ...place, soPin: SO_PIN })).close();
      const token = await openCeremonyToken(place);
      await token.generateKey('kept', 'p-256');
      if (change === 'by its user') await token.changePin('another PIN');
      await token.close();
      if (change !== 'by its user') await resetUserPin(place, { soPin: SO_PIN, pin: 'another PIN' });
      const [id = ''] = readdirSync(join(place.directory, 'copies'));
      // As SoftHSM leaves it when it is killed while it logs somebody in.
      writeFileSync(join(place.directory, 'tokens', id, 'token.object'), '');
      await assert.rejects(
        openCeremonyToken(place),
        (thrown) => thrown instanceof TokenError && thrown.failure.kind === 'pin-refused',
        change,
      );
      const opened = await openCeremonyToken({ ...place, pin: 'another PIN' });
      assert.deepEqual(await opened.keys(), ['kept']);
      await opened.close();
    }
  });

  it('nor an old PIN of its security officer, who gets another one at once, whichever of two the token had', async () => {
    const place = location('changed officer');
    const next = '12345678';
    await (await createCeremonyToken({ ...place, soPin: SO_PIN })).close();
    await changeSecurityOfficersPin(place, { soPins: [SO_PIN], next });
    // Cut off just after: whoever goes on does not know which of the two it has.
    await changeSecurityOfficersPin(place, { soPins: [SO_PIN, next], next });
    const [id = ''] = readdirSync(join(place.directory, 'copies'));
    writeFileSync(join(place.directory, 'tokens', id, 'token.object'), '');
    await assert.rejects(
      resetUserPin(place, { soPin: SO_PIN, pin: 'by the old one' }),
      (thrown) => thrown instanceof TokenError && thrown.failure.kind === 'pin-refused',
    );
    await (await openCeremonyToken(place)).close();
    await resetUserPin(place, { soPin: next, pin: 'by the new one' });
    await (await openCeremonyToken({ ...place, pin: 'by the new one' })).close();
  });

  /** A session of one's own, with a key of ours and one that wraps. */
  const inSession = <Value>(name: string, act: (session: Session) => Value): Value => {
    const pkcs11 = loadModule(softhsm.modulePath);
    initialiseModule(pkcs11, location(name).directory);
    try {
      const session = openSession(findToken(pkcs11, location(name).label));
      login(session, location(name));
      return act(session);
    } finally {
      finaliseModule(pkcs11);
    }
  };

  it('is made because our keys cannot be wrapped: the token exports no key that is not extractable', async () => {
    await (await createCeremonyToken({ ...location('wrapping'), soPin: SO_PIN })).close();
    const refused = inSession('wrapping', (session) => {
      generateKeyPair(session, 'ours', 'p-256');
      const wrapping = session.generateKey(KeyGenMechanism.AES, {
        valueLen: 32,
        wrap: true,
        unwrap: true,
        token: false,
      });
      try {
        session.wrapKey({ name: 'AES_KEY_WRAP_PAD', params: null }, wrapping, findPrivateKey(session, 'ours').toType());
        return null;
      } catch (thrown) {
        return ckrOf(thrown);
      }
    });
    assert.equal(refused, 'CKR_KEY_UNEXTRACTABLE');
    assert.ok(MechanismEnum.AES_KEY_WRAP_PAD > 0);
  });

  it('does not exist for a token whose files are elsewhere', async () => {
    const token = await createCeremonyToken({ ...location('gone'), soPin: SO_PIN });
    removeFolder(join(location('gone').directory, 'tokens'));
    await assert.rejects(
      token.copy(),
      (thrown) => thrown instanceof TokenError && thrown.failure.kind === 'token-not-found',
    );
    await token.close();
  });
});
