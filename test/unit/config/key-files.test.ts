/** How files of secret keys are made. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeyFile } from '../../../src/config/key-files.js';
import { ok } from '../../../src/kernel/result.js';

describe('a file of a secret key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const random = (octets: number): Uint8Array => new Uint8Array(octets).fill(7);

  it('is made, for its owner alone, and never replaced', () => {
    const file = join(folder, 'keys', '2026.key');
    assert.deepEqual(makeKeyFile(file, 32, random), ok(undefined));
    assert.deepEqual(new Uint8Array(readFileSync(file)), random(32));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const again = makeKeyFile(file, 32, () => new Uint8Array(32).fill(8));
    assert.ok(!again.ok && again.error === `${file} exists already`);
    assert.deepEqual(new Uint8Array(readFileSync(file)), random(32));
    assert.deepEqual(readdirSync(join(folder, 'keys')), ['2026.key']);
  });

  it('is made where a killed process with the same number has left a part of one', () => {
    const file = join(folder, '2026.key');
    writeFileSync(`${file}.${process.pid}.new`, 'part');
    assert.deepEqual(makeKeyFile(file, 32, random), ok(undefined));
  });
});
