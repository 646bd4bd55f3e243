import assert from 'node:assert/strict';
import { createECDH, createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockedKeyFiles, findBlockedKey, readBlockedKeys } from '../../../src/config/blocked-keys.js';
import { POLICIES } from '../policy/fixtures.js';

const [LOW, HIGH] = [`1${'0'.repeat(63)}`, `2${'0'.repeat(63)}`];
const packaged = blockedKeyFiles({ policies: POLICIES, blockedKeys: [] });

const sha256 = (der: Buffer): string => createHash('sha256').update(der).digest('hex');

/**
 * SubjectPublicKeyInfo of an EC key, from its private key; `before`: the bytes before the point.
 */
function ecSpki(curve: string, privateKey: string, before: string): Buffer {
  const key = createECDH(curve);
  key.setPrivateKey(Buffer.from(privateKey, 'hex'));
  return Buffer.concat([Buffer.from(before, 'hex'), key.getPublicKey()]);
}

const P256 = '3059301306072a8648ce3d020106082a8648ce3d030107034200';

function ed25519Spki(seed: string): Buffer {
  const pkcs8 = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  });
}

describe('files of blocked keys', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-blocked-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function listWith(text: string): string {
    const file = join(folder, `${sha256(Buffer.from(text)).slice(0, 8)}.txt`);
    writeFileSync(file, text);
    return file;
  }

  /** Private keys, as published in their documents. */
  const known: readonly (readonly [string, Buffer])[] = [
    [
      'RFC 9500: testECCP256',
      ecSpki('prime256v1', 'e6cb5bdd80aa45ae9c95e8c15476679ffec953c16851e711e743939589c64fc1', P256),
    ],
    [
      'RFC 6979 A.2.5: P-256',
      ecSpki('prime256v1', 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721', P256),
    ],
    ['P-256, private key 1', ecSpki('prime256v1', '01', P256)],
    [
      'brainpoolP256r1, private key 16',
      ecSpki('brainpoolP256r1', '10', '305a301406072a8648ce3d020106092b2403030208010107034200'),
    ],
    ['RFC 8032 7.1: TEST 1', ed25519Spki('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')],
  ];
  for (const [source, spki] of known)
    it(`contain the key of ${source}`, async () => {
      const list = await readBlockedKeys(packaged);
      assert.ok(list.ok, JSON.stringify(list));
      assert.ok(list.value.has(sha256(spki)));
      const found = await findBlockedKey(packaged, sha256(spki));
      assert.deepEqual(found, { ok: true, value: { file: join(POLICIES, 'blocked-keys.txt'), source } });
    });

  it('name a source for every key', async () => {
    const list = await readBlockedKeys(packaged);
    assert.ok(list.ok && list.value.size > 90);
    const bare = await readBlockedKeys([listWith(`${LOW}\n`)]);
    assert.ok(bare.ok && bare.value.has(LOW), 'a list of others may have none');
  });

  it('are combined, each sorted separately', async () => {
    const list = await readBlockedKeys([listWith(`# high\n${HIGH} x\n`), listWith(`\n${LOW} a b c\r\n`)]);
    assert.ok(list.ok);
    assert.equal(list.value.size, 2);
    assert.ok(list.value.has(LOW) && list.value.has(HIGH) && !list.value.has('3'.repeat(64)));
    assert.deepEqual(await findBlockedKey([listWith(`${LOW} a b c\n`)], HIGH), { ok: true, value: null });
  });

  for (const [what, text, says] of [
    ['out of order', `${HIGH} b\n${LOW} a\n`, /:2: this key must come after the previous one/],
    ['with a key twice', `${LOW} a\n# and\n${LOW} a\n`, /:3: this key must come after/],
    ['with upper-case digits', `${'A'.repeat(64)} a\n`, /:1: must be 64 lower-case hex digits/],
    ['with a hash of another length', `${LOW}0 a\n`, /:1: must be 64/],
  ] as const)
    it(`are rejected ${what}, with file and line`, async () => {
      const list = await readBlockedKeys([...packaged, listWith(text)]);
      assert.match(list.ok ? '' : list.error, says);
    });

  it('that are missing prevent the start', async () => {
    const list = await readBlockedKeys([join(folder, 'none.txt')]);
    assert.match(list.ok ? '' : list.error, /none\.txt: the file is missing/);
  });
});
