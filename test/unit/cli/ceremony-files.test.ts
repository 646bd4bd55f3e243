/**
 * What a ceremony has written is on the disk when it says so: the file, its name, and the names of
 * the folders that it is in.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { homeFiles } from '../../../src/ceremony-host/files.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';

const files = createRequire(import.meta.url)('node:fs/promises') as typeof import('node:fs/promises');

/** Paths that were synced while `act` was under way, in their order. */
async function syncedDuring(act: () => Promise<void>): Promise<readonly string[]> {
  const { open } = files;
  const synced: string[] = [];
  files.open = async (path, ...options) => {
    const handle = await open(path, ...options);
    const sync = handle.sync.bind(handle);
    return Object.assign(handle, {
      async sync() {
        await sync();
        synced.push(`${path}`);
      },
    });
  };
  syncBuiltinESMExports();
  try {
    await act();
  } finally {
    files.open = open;
    syncBuiltinESMExports();
  }
  return synced;
}

describe('files of a ceremony', () => {
  const deep = 'ceremony/fort/root-shares/2';
  for (const [what, write] of [
    ['a file', (home: string) => homeFiles(home).create(`${deep}/set.json`, utf8('x'))],
    ['a secret', (home: string) => homeFiles(home).createSecret(`${deep}/set.json`, utf8('x'))],
    ['a line', (home: string) => homeFiles(home).append(`${deep}/set.json`, utf8('x'))],
  ] as const)
    it(`${what} is not lost to a power cut with a folder whose name was not on the disk`, async () => {
      const home = await temporaryFolder('pfcng-synced-');
      const synced = await syncedDuring(() => write(home));
      assert.ok(existsSync(join(home, deep, 'set.json')));
      for (let folder = join(home, deep); folder !== dirname(home); folder = dirname(folder))
        assert.ok(synced.includes(folder), `${folder}: ${synced.join(', ')}`);
      // What is there already costs nothing more.
      const again = await syncedDuring(() => homeFiles(home).create(`${deep}/other.json`, utf8('x')));
      assert.equal(again.length, 2);
    });
});
