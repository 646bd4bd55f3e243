/**
 * The id of a node. If two processes of a home folder had different ids, or one id changed, other
 * nodes would end the runs of a node that is alive.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeDigest, newRunId, readNodeId, readOrCreateNodeId } from '../../../src/compose/nodes/node.js';
import { ok } from '../../../src/kernel/result.js';

describe('the id of a node', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-node-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const octets = (value: number) => (length: number) => new Uint8Array(length).fill(value);

  it('is made once, of 64 random bits, and stays', () => {
    const file = join(folder, 'node.json');
    assert.deepEqual(readNodeId(file), ok(null));
    assert.deepEqual(readOrCreateNodeId(file, octets(0xab)), ok('abababababababab'));
    assert.deepEqual(readOrCreateNodeId(file, octets(0xcd)), ok('abababababababab'));
    assert.equal(readFileSync(file, 'utf8'), '{"id":"abababababababab"}\n');
    assert.deepEqual(readdirSync(folder), ['node.json']);
  });

  it('is that of the first process, where two make it at the same time', () => {
    const file = join(folder, 'node.json');
    const other = (length: number) => {
      writeFileSync(file, '{"id":"1111111111111111"}');
      return octets(0x22)(length);
    };
    assert.deepEqual(readOrCreateNodeId(file, other), ok('1111111111111111'));
    assert.deepEqual(readdirSync(folder), ['node.json']);
  });

  it('is not replaced where the file is damaged', () => {
    const file = join(folder, 'node.json');
    for (const content of ['', '{}', '{"id":"ab"}', '{"id":"ABABABABABABABAB"}']) {
      writeFileSync(file, content);
      assert.equal(readOrCreateNodeId(file, octets(1)).ok, false, content);
      assert.equal(readFileSync(file, 'utf8'), content);
    }
  });
});

describe('the digest of a home folder', () => {
  it('differs from that of a copy, and stays when the folder is renamed', () => {
    const parent = mkdtempSync(join(tmpdir(), 'pfcng-home-'));
    const digestIn = (home: string) => homeDigest(join(parent, home, 'node.json'));
    try {
      mkdirSync(join(parent, 'home'));
      writeFileSync(join(parent, 'home/node.json'), '{"id":"1111111111111111"}');
      const digest = digestIn('home');
      cpSync(join(parent, 'home'), join(parent, 'copy'), { recursive: true, preserveTimestamps: true });
      assert.match(digest, /^[0-9a-f]{64}$/);
      assert.notEqual(digestIn('copy'), digest);
      renameSync(join(parent, 'home'), join(parent, 'renamed'));
      assert.equal(digestIn('renamed'), digest);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });
});

describe('the id of a run', () => {
  it('has 128 random bits', () => {
    assert.equal(
      newRunId((length) => new Uint8Array(length).fill(0xab)),
      'ab'.repeat(16),
    );
  });
});
