import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repairTokens } from '../../../../hsm/pkcs11/softhsm/softhsm-repair.js';
import { packageRoot } from '../../../../src/package/package-root.js';

describe('repairing a SoftHSM token', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pfcng-mend-'));
    file = join(directory, 'tokens', 'some-id', 'token.object');
    mkdirSync(join(directory, 'tokens', 'some-id'), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('an incomplete or empty file is restored as it was at the last opening', () => {
    writeFileSync(file, 'label, flags and key');
    repairTokens(directory);
    for (const torn of ['', 'label,']) {
      writeFileSync(file, torn);
      repairTokens(directory);
      assert.equal(readFileSync(file, 'utf8'), 'label, flags and key');
    }
    rmSync(file);
    repairTokens(directory);
    assert.equal(readFileSync(file, 'utf8'), 'label, flags and key');
  });

  it('a complete file with other values, as after a change of PIN, is kept and copied', () => {
    writeFileSync(file, 'label, flags and key');
    repairTokens(directory);
    writeFileSync(file, 'label, flags and KEY');
    repairTokens(directory);
    assert.equal(readFileSync(file, 'utf8'), 'label, flags and KEY');
    writeFileSync(file, '');
    repairTokens(directory);
    assert.equal(readFileSync(file, 'utf8'), 'label, flags and KEY');
  });

  it('a file that cannot be written completely, as on a full disk, replaces neither the copy nor the token', () => {
    const content = 'label, flags and key'.repeat(500);
    writeFileSync(file, content);
    repairTokens(directory);
    const module = pathToFileURL(join(packageRoot(), 'dist/hsm/pkcs11/softhsm/softhsm-repair.js')).href;
    const program = `import { repairTokens } from '${module}'; repairTokens('${directory}');`;
    // A write beyond this limit is short, and the next one fails.
    const run = `ulimit -f 1; exec "$0" --input-type=module --eval "$1"`;
    const changed = content.toUpperCase();
    for (const [token, expected] of [
      [changed, [changed, content]],
      ['', ['', content]],
    ] as const) {
      writeFileSync(file, token);
      const limited = spawnSync('/bin/sh', ['-c', run, process.execPath, program], { encoding: 'utf8' });
      assert.match(limited.stderr, /EFBIG/);
      const copy = join(directory, 'copies', 'some-id');
      assert.deepEqual([readFileSync(file, 'utf8'), readFileSync(copy, 'utf8')], expected);
    }
  });

  it('a folder without a token is not a failure', () => {
    rmSync(join(directory, 'tokens'), { recursive: true });
    repairTokens(directory);
    writeFileSync(join(directory, 'other'), '');
  });
});
