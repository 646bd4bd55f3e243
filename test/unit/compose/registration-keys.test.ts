/**
 * Keys of registrations at a start. Without this test a node with other keys would refuse right
 * secrets.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkOfRegistrationKey } from '../../../src/access/registration-keys.js';
import { keyFault, makeFirstRegistrationKey } from '../../../src/compose/database/registration-keys.js';
import type { Home } from '../../../src/compose/home.js';
import { homePaths } from '../../../src/config/paths.js';

const [OLD, NEW] = ['20260101T000000Z', '20270101T000000Z'] as const;
const key = (octet: number) => new Uint8Array(32).fill(octet);
const known = [
  { id: OLD, checkSha256: checkOfRegistrationKey(key(1)) },
  { id: NEW, checkSha256: checkOfRegistrationKey(key(2)) },
];

describe('the keys of registrations', () => {
  it('are those of the other nodes, or newer', () => {
    assert.equal(keyFault([], new Map([[OLD, key(1)]])), null);
    assert.equal(
      keyFault(
        known,
        new Map([
          [OLD, key(1)],
          [NEW, key(2)],
        ]),
      ),
      null,
    );
    assert.equal(keyFault(known, new Map([[NEW, key(2)]])), null, 'an old key was deleted');
    assert.equal(keyFault(known, new Map([['20280101T000000Z', key(3)]])), null, 'all were lost, and one was made');
  });

  it('stop the start if one is another than the others have used, or if the newest is missing', () => {
    assert.match(keyFault(known, new Map([[NEW, key(3)]])) ?? '', /another one than the other nodes have used/);
    assert.match(keyFault(known, new Map([[OLD, key(1)]])) ?? '', /20270101T000000Z is missing here/);
  });
});

describe('the first key of registrations in development', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-registration-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The names of the keys after the first key was made, if it may be. */
  function keysAfterStart(credentials: string | null = null): readonly string[] {
    const paths = homePaths(folder);
    const home = { config: { paths, credentials }, policy: { environment: { mark: 'development' } } };
    assert.equal(makeFirstRegistrationKey(home as object as Home).ok, true);
    return readdirSync(paths.registrationKeys);
  }

  it('is made once, also in a folder that is there and empty', () => {
    const { registrationKeys } = homePaths(folder);
    mkdirSync(registrationKeys, { recursive: true });
    const made = keysAfterStart();
    assert.equal(made.length, 1);
    assert.deepEqual(keysAfterStart(), made);
  });

  it('is not made where a key, a key that cannot be read, or a database was there', () => {
    const { registrationKeys, databaseMark } = homePaths(folder);
    mkdirSync(registrationKeys, { recursive: true });
    const credentials = join(folder, 'of-systemd');
    mkdirSync(credentials);
    writeFileSync(join(credentials, `registration-${OLD}.key`), key(1), { mode: 0o600 });
    assert.deepEqual(keysAfterStart(credentials), []);
    const damaged = `${OLD}.key`;
    writeFileSync(join(registrationKeys, damaged), 'short', { mode: 0o600 });
    assert.deepEqual(keysAfterStart(), [damaged]);
    rmSync(join(registrationKeys, damaged));
    mkdirSync(dirname(databaseMark), { recursive: true });
    writeFileSync(databaseMark, '{}');
    assert.deepEqual(keysAfterStart(), []);
  });
});
