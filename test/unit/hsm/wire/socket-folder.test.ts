/** The folder of a socket limits who can connect to it. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareSocketFolder } from '../../../../hsm/wire/socket-folder.js';

/** Only root can set this up. */
const itAsRoot = process.geteuid?.() === 0 ? it : () => undefined;

describe('the folder of a socket', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'pfcng-folder-'));
    folder = join(parent, 'own');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));
  const refused = (groupId?: number): string => {
    const prepared = prepareSocketFolder(folder, groupId);
    return prepared.ok ? 'taken' : prepared.error.detail;
  };

  it('is made for its own user only, and accepted if it exists like that', () => {
    assert.deepEqual([refused(), refused()], ['taken', 'taken']);
    assert.equal(statSync(folder).mode & 0o7777, 0o700);
  });

  it('is refused when anybody else may enter or list it', () => {
    mkdirSync(folder);
    for (const mode of [0o701, 0o704, 0o710, 0o740, 0o755]) {
      chmodSync(folder, mode);
      assert.match(refused(), /it must be 0700/);
    }
  });

  it('is refused when it is a link to a folder', () => {
    mkdirSync(join(parent, 'other'), { mode: 0o700 });
    symlinkSync(join(parent, 'other'), folder);
    assert.equal(refused(), 'it is not a folder');
    rmSync(folder);
    writeFileSync(folder, '');
    assert.throws(() => prepareSocketFolder(folder), /EEXIST/);
  });

  itAsRoot('is refused where it is another user’s, who could lay a socket there', () => {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 65_534, 0);
    assert.equal(refused(), 'it belongs to user 65534');
  });

  itAsRoot('of a group is that group’s, to enter and not to see', () => {
    assert.equal(refused(65_534), 'taken');
    assert.deepEqual([statSync(folder).mode & 0o7777, statSync(folder).gid], [0o2710, 65_534]);
    chmodSync(folder, 0o2750);
    assert.match(refused(65_534), /it must be 2710/);
    chownSync(folder, 0, 1);
    chmodSync(folder, 0o2710);
    assert.equal(refused(65_534), 'it belongs to group 1, not to 65534');
  });
});
