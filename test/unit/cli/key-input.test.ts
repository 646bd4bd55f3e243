import assert from 'node:assert/strict';
import { createHash, createPublicKey, ECDH, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeyOf } from '../../../src/cli/common/key-input.js';
import { encodePem } from '../../../src/x509/pem.js';

describe('a key that a person names by a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-key-'));
  after(() => rmSync(folder, { recursive: true }));
  const named = (pem: string) => {
    const file = join(folder, 'key.pem');
    writeFileSync(file, pem);
    return readKeyOf(file);
  };

  it('is its SubjectPublicKeyInfo as it is certified, and nothing in a form that is not', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const read = await named(encodePem('PUBLIC KEY', spki));
    assert.deepEqual(read.ok && read.value, createHash('sha256').update(spki).digest('hex'));

    // 26 octets stand before the point.
    const point = ECDH.convertKey(spki.subarray(26), 'prime256v1', undefined, undefined, 'compressed') as Buffer;
    const header = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
    const compressed = Buffer.concat([header, point]);
    assert.equal(createPublicKey({ key: compressed, format: 'der', type: 'spki' }).asymmetricKeyType, 'ec');
    const refused = await named(encodePem('PUBLIC KEY', compressed));
    assert.match(refused.ok ? '' : refused.error, /never certified .*uncompressed/);

    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }).publicKey;
    const other = await named(encodePem('PUBLIC KEY', pss.export({ type: 'spki', format: 'der' })));
    assert.match(other.ok ? '' : other.error, /1\.2\.840\.113549\.1\.1\.10/);
  });
});
