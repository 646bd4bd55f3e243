/**
 * Only the owner can read files with an encrypted share or the copy of a token, also in bundles. A
 * warning names each file that others can read.
 */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createByContent, warnIfReadableByOthers } from '../../../../src/ceremony/quorum/secret-files.js';
import { encodeShare } from '../../../../src/ceremony/quorum/share-file.js';
import type { ScreenLine } from '../../../../src/ceremony/sitting/terminal.js';
import { encodeCopy } from '../../../../src/ceremony/steps/shared/token-records.js';
import { homeFiles, READ_BYTES_MAX } from '../../../../src/ceremony-host/files.js';
import { inBothLanguages } from '../../../../src/kernel/bilingual.js';
import { type Bytes, toBase64, utf8 } from '../../../../src/kernel/bytes.js';
import { SHARE_HEADER } from '../../../support/ceremony/quorum-plans.js';

const bytes = toBase64(new Uint8Array(28));
const SHARE = encodeShare({
  ...SHARE_HEADER,
  encrypted: { kind: 'passphrase', scrypt: { n: 2, r: 8, p: 1 }, salt: bytes, nonce: bytes, box: bytes },
});
const COPY = encodeCopy('root-fort', new Map([['token/object', utf8('encrypted by the token')]]));
const CERTIFICATE = utf8('no secret');

describe('secret files of a ceremony', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'pfcng-secret-files-'));
  });
  after(() => rm(home, { recursive: true, force: true }));
  const modeOf = async (path: string): Promise<string> => ((await stat(join(home, path))).mode & 0o777).toString(8);
  const warningsOf = async (path: string, from: 'home' | 'typed'): Promise<readonly string[]> => {
    const lines: string[] = [];
    const terminal = {
      show: (shown: readonly ScreenLine[]) => {
        for (const line of shown) if ('fr' in line) lines.push(inBothLanguages(line));
      },
      ask: noOne,
      askSecret: noOne,
    };
    await warnIfReadableByOthers({ files: homeFiles(home), terminal }, path, from);
    return lines;
  };
  const noOne = () => assert.fail('nobody is asked');

  const CASES: readonly { readonly name: string; readonly contents: readonly Bytes[]; readonly mode: string }[] = [
    { name: 'a share', contents: [SHARE], mode: '600' },
    { name: 'the copy of a token', contents: [COPY], mode: '600' },
    { name: 'a bundle with the copy of a token among others', contents: [CERTIFICATE, COPY], mode: '600' },
    { name: 'a bundle of nothing but certificates', contents: [CERTIFICATE, CERTIFICATE], mode: '644' },
  ];
  for (const [at, { name, contents, mode }] of CASES.entries())
    it(`have mode ${mode} when they contain ${name}`, async () => {
      const content = contents.length === 1 ? (contents[0] ?? CERTIFICATE) : utf8('a bundle');
      await createByContent({ files: homeFiles(home) }, `made/${at}`, { content, contents });
      assert.equal(await modeOf(`made/${at}`), mode);
    });

  it('cause a warning when others can read them, by home path or typed path', async () => {
    const path = 'shares/1.json';
    await homeFiles(home).createPrivate(path, SHARE);
    assert.deepEqual(await warningsOf(path, 'home'), []);
    assert.deepEqual(await warningsOf('shares/none.json', 'home'), []);
    for (const mode of [0o640, 0o604]) {
      await chmod(join(home, path), mode);
      for (const [given, from] of [[path, 'home'] as const, [join(home, path), 'typed'] as const])
        assert.match(
          (await warningsOf(given, from)).join('\n'),
          /^ATTENTION : d'autres comptes .*chmod 600 (\S+) \/ WARNING: other accounts .*chmod 600 \1$/,
        );
    }
  });

  it('are refused at once when they are not plain files or too large', async () => {
    const files = homeFiles(home);
    // A pipe and /dev/zero are the same case, but without the guard this test would never end.
    await symlink('/dev/null', join(home, 'device'));
    await writeFile(join(home, 'large'), '');
    await truncate(join(home, 'large'), READ_BYTES_MAX + 1);
    for (const [path, code] of [
      ['device', 'ESPIPE'],
      ['large', 'EFBIG'],
    ] as const)
      await assert.rejects(files.read(path), { code, syscall: 'read' });
  });
});
