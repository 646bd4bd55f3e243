import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTheme } from '../../../src/http/console/assets.js';

describe('theme of the console', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-theme-'));
    for (const name of ['theme.css', 'marianne.woff2', 'logo.svg', 'notes.txt', 'page.html', 'script.js'])
      writeFileSync(join(folder, name), name);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has its style, fonts and images, under their names, and nothing else', () => {
    const { files, style } = readTheme(folder);
    assert.deepEqual(files.map(({ path }) => path).sort(), [
      '/console/assets/theme/logo.svg',
      '/console/assets/theme/marianne.woff2',
      '/console/assets/theme/theme.css',
    ]);
    assert.equal(style, '/console/assets/theme/theme.css');
  });

  it('is not needed', () => {
    assert.deepEqual(readTheme(join(folder, 'missing')), { files: [], style: null });
  });
});
