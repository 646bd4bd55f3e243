/**
 * A root token of SoftHSM is backed up, lost and restored by the command, and verified by OpenSSL.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BackUpRecord,
  encodeBackUp,
  encodeCopy,
  readBackUp,
  readCopy,
} from '../../../src/ceremony/steps/shared/token-records.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { developmentHome, temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { performPlayed } from '../../support/ceremony/performed.js';

const run = promisify(execFile);
const EXAMPLES = join(packageRoot(), 'policies/ceremonies/examples');
const TOKEN = 'ceremony/fort/root-token';
const RECORD = 'ceremony/fort-back-up/back-ups/root-fort.json';
const COPY = 'ceremony/fort-back-up/back-ups/root-fort.copy.json';

/**
 * PKCS#11 v2.40, 4.4 and 4.9. In SoftHSM's files an attribute is its type, its kind (1: a boolean)
 * and its value.
 */
const CKA_EXTRACTABLE = 0x162;

describe('the back-up of a root token of SoftHSM', () => {
  let home: string;
  const perform = (name: string, where = home): Promise<string> => performPlayed(where, join(EXAMPLES, `${name}.json`));
  const at = (path: string, where = home): string => join(where, path);
  /** A separate home in which the token was lost; the back-up in it is edited. */
  const lost = async (edit: (copy: Bytes, record: BackUpRecord) => readonly [Bytes, Bytes]): Promise<string> => {
    const where = await temporaryFolder('pfcng-lost-');
    const isKept = (path: string): boolean => !/root-token|\/(run|lock\.\d+|lock\.json)$/.test(path);
    await cp(home, where, { recursive: true, filter: isKept });
    const record = readBackUp(await readFile(at(RECORD))) ?? assert.fail();
    const edited = edit(new Uint8Array(await readFile(at(COPY))), record);
    await writeFile(at(COPY, where), edited[0]);
    await writeFile(at(RECORD, where), edited[1]);
    return where;
  };
  /** A copy that somebody changed, with every hash recomputed. */
  const forged = (files: ReadonlyMap<string, Bytes>, record: BackUpRecord): readonly [Bytes, Bytes] => {
    const copy = encodeCopy('root-fort', files);
    const sha256 = createHash('sha256').update(copy).digest('hex');
    return [copy, encodeBackUp({ ...record, copies: [{ sha256 }] })];
  };

  before(async () => {
    home = await developmentHome();
    assert.equal(await perform('back-up-root'), 'performed');
  });

  it('is refused when the copy is incomplete, and the token’s place stays empty', async () => {
    const where = await lost((copy, record) => {
      const changed = copy.slice();
      changed[copy.length >> 1] = (changed[copy.length >> 1] ?? 0) ^ 1;
      return [changed, encodeBackUp(record)];
    });
    assert.match(await perform('restore-root', where), /not the copy of this back-up: it is damaged, or of another/);
    assert.equal((await readdir(at('ceremony/fort', where))).includes('root-token'), false);
  });

  it('is refused when a key was made extractable in the files, though every hash was recomputed', async () => {
    const where = await lost((copy, record) => {
      const head = Buffer.alloc(16);
      head.writeBigUInt64BE(BigInt(CKA_EXTRACTABLE), 0);
      head.writeBigUInt64BE(1n, 8);
      let changed = 0;
      const files = [...(readCopy(copy, 'root-fort') ?? assert.fail())].map(([path, content]): [string, Bytes] => {
        const found = Buffer.from(content).indexOf(head);
        if (found < 0) return [path, content];
        const edited = content.slice();
        edited[found + head.length] = 1;
        changed += 1;
        return [path, edited];
      });
      assert.ok(changed > 0, 'no such attribute');
      return forged(new Map(files), record);
    });
    assert.match(await perform('restore-root', where), /acr-fo.*CKA_EXTRACTABLE/);
  });

  it('is refused when a private key was damaged in the files, though every hash was recomputed', async () => {
    const where = await lost((copy, record) => {
      const CKA_VALUE = 0x11;
      const head = Buffer.alloc(16);
      head.writeBigUInt64BE(BigInt(CKA_VALUE), 0);
      // Kind 3 is a byte string, which follows its length in eight bytes.
      head.writeBigUInt64BE(3n, 8);
      let changed = 0;
      const files = [...(readCopy(copy, 'root-fort') ?? assert.fail())].map(([path, content]): [string, Bytes] => {
        const found = Buffer.from(content).indexOf(head);
        if (found < 0) return [path, content];
        const edited = content.slice();
        const byte = found + head.length + 8 + 20;
        edited[byte] = (edited[byte] ?? 0) ^ 1;
        changed += 1;
        return [path, edited];
      });
      assert.ok(changed > 0, 'no such attribute');
      return forged(new Map(files), record);
    });
    const output = await perform('restore-root', where);
    assert.match(output, /acr-fo.*does not verify with the public key of the back-up|C_Sign|signature/);
    assert.equal((await readdir(at('ceremony/fort-restore', where))).includes('restored'), false);
  });

  it('is readable by its owner only, and verify names a copy or share that was replaced later', async () => {
    assert.equal((await stat(at(COPY))).mode & 0o777, 0o400);
    const shares = 'ceremony/fort/root-shares/1';
    const [share = ''] = (await readdir(at(shares))).filter((name) => name !== 'set.json');
    for (const [id, path, record] of [
      ['fort-back-up', COPY, RECORD],
      ['fort', `${shares}/${share}`, `${shares}/set.json`],
    ] as const) {
      const content = await readFile(at(path));
      const altered = Buffer.from(content);
      altered[altered.length >> 1] = (altered[altered.length >> 1] ?? 0) ^ 1;
      const transcript = at(`ceremony/${id}/transcript.ndjson`);
      await rm(at(path));
      assert.ok((await verifyFile(transcript)).ok, 'carried away');
      await writeFile(at(path), altered);
      const verified = await verifyFile(transcript);
      const [fr, en] = ['son empreinte SHA-256 diffère de celle de', 'its SHA-256 differs from the one in'];
      const rule = { fr: `${fr} ${record}`, en: `${en} ${record}` };
      assert.deepEqual(verified.ok ? null : verified.error, { kind: 'artefact-altered', artefact: path, rule });
      await writeFile(at(path), content);
    }
  });

  it('restores a lost token with its quorum, which signs a list that OpenSSL verifies', async () => {
    await rm(at(TOKEN), { recursive: true });
    // The first screen names the token that is missing, and nothing begins.
    assert.match(await perform('yearly-crl'), /token root-fort: /);
    assert.equal(await perform('restore-root'), 'performed');
    assert.equal(await perform('yearly-crl'), 'performed');
    for (const id of ['fort', 'fort-back-up', 'fort-restore', 'fort-crl-2']) {
      const verified = await verifyFile(at(`ceremony/${id}/transcript.ndjson`));
      assert.ok(verified.ok, verified.ok ? '' : JSON.stringify(verified.error));
    }
    const root = at('authorities/acr-fo.cer');
    const list = ['crl', '-inform', 'DER', '-in', at('crl/ACR-FO.crl'), '-CAfile', root];
    const { stdout, stderr } = await run('openssl', [...list, '-noout', '-crlnumber']);
    assert.match(stderr, /verify OK/);
    assert.match(stdout, /crlNumber=0x02/i);
  });

  it('contains no officer’s passphrase and no PIN', async () => {
    const copy = Buffer.concat([...(readCopy(await readFile(at(COPY)), 'root-fort') ?? assert.fail()).values()]);
    for (const name of await readdir(at('officers/root-fort'))) {
      const passphrase = (await readFile(at(`officers/root-fort/${name}`), 'utf8')).trimEnd();
      assert.ok(passphrase.length >= 12 && !copy.includes(passphrase), name);
    }
  });
});
