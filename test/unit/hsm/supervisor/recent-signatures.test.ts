/**
 * What the supervisor finds out about a signature that a caller reports as bad. If it believed the
 * caller, any process with access to the socket could stop the signer by reporting.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRecentSignatures } from '../../../../hsm/supervisor/recent-signatures.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { removeFolder, temporaryFolder } from '../../../support/hsm/signers.js';

const ISSUER = 'aci-te-pp';
const BODY = new Uint8Array(2_000).fill(7);
const OTHER = new Uint8Array(2_000).fill(8);

describe('a signature that is reported as bad', () => {
  let folder: string;
  let keys: readonly KeyObject[];
  before(() => {
    folder = temporaryFolder();
    keys = ['p-256', 'p-384'].map((name) => {
      const curve = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${name.toUpperCase()}`, '-nodes'];
      const files = ['-keyout', join(folder, `${name}.key`), '-outform', 'DER', '-out', join(folder, `${name}.cer`)];
      execFileSync('openssl', ['req', '-x509', ...curve, ...files, '-subj', '/CN=TEST'], { stdio: 'pipe' });
      return createPrivateKey(readFileSync(join(folder, `${name}.key`)));
    });
  });
  after(() => removeFolder(folder));

  const signatures = (...keyTypes: readonly ('p-256' | 'p-384')[]) =>
    createRecentSignatures(
      keyTypes.map((keyType) => ({
        id: ISSUER as IssuerId,
        label: `${ISSUER}.${keyType}`,
        keyType,
        certificateFile: join(folder, `${keyType}.cer`),
      })),
    );
  const signed = (body: Bytes, at = 0): Bytes =>
    new Uint8Array(sign(at === 0 ? 'sha256' : 'sha384', body, keys[at] ?? assert.fail()));

  it('is bad only if this child has made it and it does not verify, and it is judged once', () => {
    const made = signatures('p-256');
    const [right, wrong] = [signed(BODY), signed(OTHER)];
    for (const signature of [right, wrong]) made.add(signature, { issuer: ISSUER, body: BODY });
    assert.deepEqual([made.verifyOnce(right), made.verifyOnce(wrong)], ['verifies', 'bad']);
    assert.deepEqual(
      [made.verifyOnce(wrong), made.verifyOnce(signed(BODY)), made.verifyOnce(new Uint8Array(0))],
      ['unknown', 'unknown', 'unknown'],
    );
  });

  it('may be of any of the keys that a token has for one issuer', () => {
    const made = signatures('p-256', 'p-384');
    const [right, wrong] = [signed(BODY, 1), signed(OTHER, 1)];
    for (const signature of [right, wrong]) made.add(signature, { issuer: ISSUER, body: BODY });
    assert.deepEqual([made.verifyOnce(right), made.verifyOnce(wrong)], ['verifies', 'bad']);
  });

  it('may be of a CRL, which is hashed while it is sent', () => {
    const made = signatures('p-384');
    for (const [body, verdict] of [
      [BODY, 'verifies'],
      [OTHER, 'bad'],
    ] as const) {
      const hash = made.hashCrl(ISSUER) ?? assert.fail('the issuer is on the token');
      for (const part of [BODY.subarray(0, 700), BODY.subarray(700)]) hash.update(part);
      const signature = signed(body, 1);
      made.addCrl(signature, hash);
      assert.equal(made.verifyOnce(signature), verdict);
    }
    assert.equal(made.hashCrl('aci-te-org'), null);
  });

  it('is not judged without a certificate of its issuer', () => {
    const made = createRecentSignatures([
      { id: ISSUER as IssuerId, keyType: 'p-256', certificateFile: null },
      { id: 'aci-te-org' as IssuerId, keyType: 'p-256', certificateFile: join(folder, 'absent.cer') },
    ]);
    for (const issuer of [ISSUER, 'aci-te-org', 'aci-te-el']) {
      const signature = signed(OTHER);
      made.add(signature, { issuer, body: BODY });
      assert.equal(made.verifyOnce(signature), 'no-certificate');
    }
  });

  it('is unknown after the end of its child, or after so many later ones that remembering all would fill the memory', () => {
    const made = signatures('p-256');
    const first = signed(OTHER);
    const later = (count: number, bytes: number): void => {
      for (let at = 0; at < count; at += 1)
        made.add(Uint8Array.of(at >> 8, at & 0xff), { issuer: ISSUER, body: new Uint8Array(bytes) });
    };
    for (const forget of [() => made.clear(), () => later(1_024, 10), () => later(50, 100_000)]) {
      made.add(first, { issuer: ISSUER, body: BODY });
      forget();
      assert.equal(made.verifyOnce(first), 'unknown');
    }
  });
});
