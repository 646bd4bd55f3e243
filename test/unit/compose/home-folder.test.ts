/** The mark of a home folder. If it is damaged, people learn what to do. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Home, homeFolderFault } from '../../../src/compose/home.js';

describe('a home folder', () => {
  it('is refused in words if environment.json is damaged, empty or names no environment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-home-folder-'));
    const environment = join(folder, 'environment.json');
    const paths = { home: folder, placing: join(folder, 'placing.json'), environment };
    const home = { config: { paths }, policy: { environment: { mark: 'development' } } } as object as Home;
    try {
      for (const content of ['{"mark', '', '{}', 'null', '[]']) {
        writeFileSync(environment, content);
        assert.equal(
          homeFolderFault(home),
          `${environment} cannot be read, or is damaged: restore it from a backup`,
          content,
        );
      }
      writeFileSync(environment, '{"mark":"production"}');
      assert.match(homeFolderFault(home) ?? '', /belongs to the environment production, not development/);
      writeFileSync(environment, '{"mark":"development"}');
      assert.equal(homeFolderFault(home), null);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
