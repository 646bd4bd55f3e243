import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPin } from '../../../../hsm/pkcs11/pin/pin-source.js';
import { PIN_BYTES_MAX, pinFault } from '../../../../hsm/wire/pin-frames.js';

/** Only root can set this up. */
const itAsRoot = process.geteuid?.() === 0 ? it : () => undefined;

describe('the PIN as a systemd credential', () => {
  let folder: string;
  const credential = () => join(folder, 'ca-fort.pin');
  const read = () => readPin({ name: 'ca-fort', pin: { from: 'credential', folder } });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-credentials-'));
    writeFileSync(credential(), '123456\n', { mode: 0o400 });
    chmodSync(folder, 0o500);
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  it('is read as systemd makes it: mode 0400 in a folder of mode 0500', () => {
    assert.deepEqual(read(), { ok: true, value: '123456' });
  });

  itAsRoot('is read where systemd gives it by an ACL, whose mask shows as the rights of group root', () => {
    chmodSync(folder, 0o550);
    chmodSync(credential(), 0o440);
    assert.ok(read().ok);
    chownSync(credential(), 0, 1);
    assert.ok(!read().ok, 'of another group it would be that group’s to read');
    chownSync(credential(), 0, 0);
    chownSync(folder, 0, 1);
    assert.match(String((read() as { error?: string }).error), /credentials folder .*its mode is 0550/);
  });

  it('is refused when others may read it or its folder, with the reason', () => {
    for (const mode of [0o404, 0o600 | 0o044, 0o420]) {
      chmodSync(credential(), mode);
      const pin = read();
      assert.ok(!pin.ok);
      assert.match(pin.error, /credential .*ca-fort\.pin: its mode is/);
    }
    chmodSync(credential(), 0o400);
    for (const mode of [0o501, 0o504, 0o570]) {
      chmodSync(folder, mode);
      const pin = read();
      assert.ok(!pin.ok, mode.toString(8));
      assert.match(pin.error, /credentials folder .*it must be 0500/);
    }
  });

  itAsRoot('is refused when it, or its folder, belongs to another user', () => {
    chownSync(credential(), 65_534, 65_534);
    assert.match(String((read() as { error?: string }).error), /it belongs to user 65534/);
    chownSync(credential(), 0, 0);
    chownSync(folder, 65_534, 65_534);
    assert.match(String((read() as { error?: string }).error), /it belongs to user 65534/);
  });

  it('is refused when it is missing or a link, and outside a unit', () => {
    chmodSync(folder, 0o700);
    mkdirSync(join(folder, 'x'));
    writeFileSync(join(folder, 'x', 'y'), '123456', { mode: 0o400 });
    rmSync(credential());
    assert.ok(!read().ok);
    symlinkSync(join(folder, 'x', 'y'), credential());
    assert.ok(!read().ok);
    const within = readPin({ name: 'ca-fort', pin: { from: 'credential', folder: join(folder, 'x', 'y') } });
    assert.match(String((within as { error?: string }).error), /it is not a folder/);
    const outside = readPin({ name: 'ca-fort', pin: { from: 'credential', folder: null } });
    assert.ok(!outside.ok);
    assert.match(outside.error, /LoadCredentialEncrypted=ca-fort\.pin/);
  });
});

describe('the PIN of an officer', () => {
  it('cannot be read: the failure names the command', () => {
    const pin = readPin({ name: 'ca-fort', pin: { from: 'officer', socket: '/nowhere' } });
    assert.ok(!pin.ok);
    assert.match(pin.error, /pfcng signer unlock ca-fort/);
  });

  it('has 1 to 255 bytes of UTF-8 without control characters', () => {
    for (const good of ['1', '482915', 'é'.repeat(127), 'x'.repeat(PIN_BYTES_MAX), 'a b'])
      assert.equal(pinFault(Buffer.from(good)), null);
    assert.equal(pinFault(Buffer.alloc(0)), 'a PIN has at least one character');
    assert.equal(pinFault(Buffer.alloc(256, 0x31)), 'a PIN has at most 255 bytes');
    for (const octet of [0x00, 0x0a, 0x1b, 0x7f])
      assert.equal(pinFault(Buffer.from([0x31, octet])), 'it contains a control character');
    for (const octets of [[0xff], [0xc3], [0xc0, 0xaf]]) assert.equal(pinFault(Buffer.from(octets)), 'it is not UTF-8');
  });
});
