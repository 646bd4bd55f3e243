/**
 * The id of a node. If two processes of a home folder had different ids, or one id changed, other
 * nodes would end the runs of a node that is alive.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRunId, openNodeId, readNodeId } from '../../../src/compose/nodes/node.js';
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
    assert.deepEqual(openNodeId(file, octets(0xab)), ok('abababababababab'));
    assert.deepEqual(openNodeId(file, octets(0xcd)), ok('abababababababab'));
    assert.equal(readFileSync(file, 'utf8'), '{"id":"abababababababab"}\n');
    assert.deepEqual(readdirSync(folder), ['node.json']);
  });

  it('is that of the first process, where two make it at the same time', () => {
    const file = join(folder, 'node.json');
    const other = (length: number) => {
      writeFileSync(file, '{"id":"1111111111111111"}');
      return octets(0x22)(length);
    };
    assert.deepEqual(openNodeId(file, other), ok('1111111111111111'));
    assert.deepEqual(readdirSync(folder), ['node.json']);
  });

  it('is not replaced where the file is damaged', () => {
    const file = join(folder, 'node.json');
    for (const content of ['', '{}', '{"id":"ab"}', '{"id":"ABABABABABABABAB"}']) {
      writeFileSync(file, content);
      assert.equal(openNodeId(file, octets(1)).ok, false, content);
      assert.equal(readFileSync(file, 'utf8'), content);
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
