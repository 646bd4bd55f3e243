import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPinFile, refusedPins } from '../../../../hsm/pkcs11/pin/pin-file.js';
import { removeFolder, temporaryFolder } from '../../../support/hsm/signers.js';

describe('the PIN file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'token.pin');
    writeFileSync(file, '123456\n', { mode: 0o400 });
  });
  afterEach(() => removeFolder(folder));

  for (const mode of [0o400, 0o600]) {
    it(`is read with mode ${mode.toString(8)}, without its newline`, () => {
      chmodSync(file, mode);
      assert.deepEqual(readPinFile(file), { ok: true, value: '123456' });
    });
  }

  for (const mode of [0o440, 0o404, 0o644, 0o666, 0o700]) {
    it(`is refused with mode ${mode.toString(8)}, and the reason names the mode`, () => {
      chmodSync(file, mode);
      const read = readPinFile(file);
      assert(!read.ok);
      assert.equal(read.error.kind, 'pin-file-exposed');
      assert.match(read.error.detail, new RegExp(`mode is 0?${mode.toString(8)}`));
      assert(!JSON.stringify(read).includes('123456'));
    });
  }

  it('is refused when it is a link, a folder, a pipe, missing, or longer than any PIN', () => {
    const link = join(folder, 'link');
    symlinkSync(file, link);
    for (const path of [link, folder, join(folder, 'none')]) assert.equal(readPinFile(path).ok, false);
    const inner = join(folder, 'inner');
    mkdirSync(inner, { mode: 0o600 });
    assert.match(JSON.stringify(readPinFile(inner)), /not a regular file/);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    assert.match(JSON.stringify(readPinFile(pipe)), /not a regular file/);
    chmodSync(file, 0o600);
    writeFileSync(file, '1'.repeat(257));
    assert.match(JSON.stringify(readPinFile(file)), /it has 257 bytes/);
  });

  it('a refused PIN is remembered, another is not, and the marker does not contain it', () => {
    const marker = join(folder, 'marker.json');
    const pins = refusedPins(marker);
    assert.equal(pins.wasRefused('123456'), false);
    pins.remember('123456');
    assert.equal(refusedPins(marker).wasRefused('123456'), true);
    assert.equal(refusedPins(marker).wasRefused('123457'), false);
    assert.equal(statSync(marker).mode & 0o777, 0o600);
    assert(!readFileSync(marker, 'utf8').includes('123456'));
    pins.forget();
    assert.equal(pins.wasRefused('123456'), false);
  });

  it('the newest twenty refused PINs are remembered', () => {
    const marker = join(folder, 'marker.json');
    const pins = refusedPins(marker);
    for (let pin = 0; pin <= 20; pin += 1) pins.remember(`wrong-${pin}`);
    pins.remember('wrong-20');
    assert.equal(pins.wasRefused('wrong-0'), false);
    assert.equal(pins.wasRefused('wrong-1'), true);
    assert.equal(pins.wasRefused('wrong-20'), true);
  });
});
