import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { assembleCrl } from '../../../src/crl/encode.js';
import { readCrl } from '../../../src/crl/read.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';
import { bareIssuer } from '../../support/status/bare-issuer.js';
import { CONTEXT, ENTRIES, tbsOf } from './fixture.js';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const spki = new Uint8Array(key.publicKey.export({ format: 'der', type: 'spki' }));
const issuer = bareIssuer({ ...CONTEXT.issuer, spki });

function crlOf(tbs: Bytes, signer = key): Bytes {
  const signature = new Uint8Array(sign('sha256', tbs, signer.privateKey));
  const { prefix, suffix } = assembleCrl(tbs.length, 'ecdsaWithSha256', signature);
  return concat([prefix, tbs, suffix]);
}

async function* cut(bytes: Bytes, size: number): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function kindOf(bytes: Bytes, size = 64): Promise<string> {
  const read = await readCrl(cut(bytes, size), { issuer, lifeMsMax: CONTEXT.lifeMsMax });
  return read.ok
    ? `number ${read.value.number}, ${read.value.entries} entries, ${read.value.sizeBytes}`
    : read.error.kind;
}

describe('reading a complete CRL', () => {
  const crl = crlOf(tbsOf());

  it('accepts a CRL that its issuer signed, in chunks of any size', async () => {
    for (const size of [1, 7, 64, 100_000])
      assert.equal(await kindOf(crl, size), `number 300, ${ENTRIES.length} entries, ${crl.length}`);
  });

  it('rejects a signature of another key', async () => {
    assert.equal(await kindOf(crlOf(tbsOf(), other)), 'crl-signature-wrong');
  });

  it('rejects the CRL if any byte is changed', async () => {
    for (let at = 0; at < crl.length; at += 1) {
      const changed = crl.slice();
      changed[at] = (changed[at] as number) ^ 0x01;
      assert.match(await kindOf(changed), /^crl-/, `octet ${at}`);
    }
  });

  it('rejects a truncated CRL, and bytes after its end', async () => {
    for (let length = 0; length < crl.length; length += 1)
      assert.equal(await kindOf(crl.subarray(0, length)), 'crl-malformed', `${length} octets`);
    assert.equal(await kindOf(concat([crl, Uint8Array.of(0)])), 'crl-malformed');
  });
});
