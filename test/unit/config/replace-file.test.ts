/**
 * Files that are replaced at once. Without these guarantees, a failure could leave half of a file,
 * or hidden files that nobody removes.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile, replaceFiles } from '../../../src/config/replace-file.js';

describe('replacing files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-replace-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const replacement = (name: string) => {
    return { file: join(folder, name), content: 'new', part: join(folder, `.${name}.part`), mode: 0o640 };
  };

  it('writes texts and bytes with the mode, also over what an interrupted call has left', () => {
    const { file, part } = replacement('a');
    writeFileSync(part, 'a longer text that was interrupted');
    replaceFile(file, new Uint8Array([1, 2]), { part, mode: 0o640 });
    assert.deepEqual([...readFileSync(file)], [1, 2]);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder), ['a']);
  });

  it('leaves no part file if a file cannot be renamed, and says which', () => {
    for (const name of ['a', 'c']) writeFileSync(join(folder, name), 'old');
    mkdirSync(join(folder, 'b'));
    assert.throws(() => replaceFiles(['a', 'b', 'c'].map(replacement)), /rename '.*\/\.b\.part' -> '.*\/b'/);
    assert.deepEqual(readdirSync(folder), ['a', 'b', 'c']);
    assert.equal(readFileSync(join(folder, 'c'), 'utf8'), 'old');
  });

  it('replaces nothing if the new content of one of the files cannot be written', () => {
    writeFileSync(join(folder, 'a'), 'old');
    mkdirSync(join(folder, '.b.part'));
    assert.throws(() => replaceFiles(['a', 'b'].map(replacement)), /EISDIR/);
    assert.deepEqual(readdirSync(folder), ['.b.part', 'a']);
    assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'old');
  });
});
