/**
 * Without these, a backup that is cut off or changed could be restored, or one that is whole could
 * not be opened without our software.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackupFaultError } from '../../../src/backup/fault.js';
import { readBackup } from '../../../src/backup/read.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { archiveOf, FACTS, patternOf, readAll, sourceOf } from '../../support/backup/archives.js';
import { judge } from '../../support/service/judges.js';

/** More than two pieces, and not a multiple of anything. */
const LONG = patternOf(9_000_001);

const PARTS: Readonly<Record<string, Bytes>> = {
  'database/pfcng.dump': LONG,
  'configuration/pfcng.json': utf8('{}'),
  'home/crl/empty': new Uint8Array(0),
  [`home/ceremony/${'a-long-name/'.repeat(15)}transcript.ndjson`]: utf8('{}\n'),
};

describe('the archive of a backup', () => {
  it('gives back each part and the manifest', async () => {
    const { octets, manifest } = await archiveOf(PARTS);
    const { outcome, found } = await readAll(octets);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    assert.deepEqual(outcome.value.manifest, manifest);
    assert.deepEqual(
      { ...manifest, form: undefined, parts: undefined },
      { ...FACTS, form: undefined, parts: undefined },
    );
    assert.deepEqual(Object.keys(found), Object.keys(PARTS));
    for (const [name, content] of Object.entries(PARTS))
      assert.equal(Buffer.compare(found[name] ?? utf8('-'), content), 0);
  });

  it('checks the parts that its reader does not read', async () => {
    const { octets, manifest } = await archiveOf(PARTS);
    const outcome = await readBackup(sourceOf(octets), { key: null });
    assert.ok(outcome.ok);
    assert.deepEqual(outcome.value.manifest, manifest);
  });

  it('is refused wherever it is cut off', async () => {
    const { octets } = await archiveOf({ a: utf8('content'), b: utf8('') });
    for (let length = 0; length < octets.length; length += 3) {
      const { outcome } = await readAll(octets.subarray(0, length));
      assert.deepEqual(outcome, { ok: false, error: { kind: 'truncated' } }, `${length} octets`);
    }
  });

  it('is refused if an octet of it is changed', async () => {
    const { octets } = await archiveOf({ a: utf8('content'), b: utf8('') });
    for (let at = 0; at < octets.length; at += 5) {
      const changed = octets.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const { outcome } = await readAll(changed);
      assert.equal(outcome.ok, false, `octet ${at}`);
    }
  });

  it('is unpacked by tar and cat', async () => {
    const { octets } = await archiveOf(PARTS);
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-archive-'));
    try {
      writeFileSync(join(folder, 'backup.tar'), octets);
      const commands = `cd '${folder}'; tar -xf backup.tar; cat database/pfcng.dump.piece-* > joined`;
      const { status, output } = await judge('sh', ['-ec', commands]);
      assert.equal(status, 0, output);
      assert.equal(Buffer.compare(readFileSync(join(folder, 'joined')), LONG), 0);
      assert.deepEqual(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).audit, FACTS.audit);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('fails with the error of a part, of the sink, or of its reader', async () => {
    async function* broken(): AsyncGenerator<Bytes> {
      yield utf8('begins');
      throw new Error('the part broke');
    }
    await assert.rejects(archiveOf({ a: broken() }), /the part broke/);
    const full = async () => {
      throw new Error('no space');
    };
    await assert.rejects(archiveOf(PARTS, { sink: full }), /no space/);
    const { octets } = await archiveOf(PARTS);
    const onPart = async () => {
      throw new Error('the reader broke');
    };
    await assert.rejects(readBackup(sourceOf(octets), { key: null, onPart }), /the reader broke/);
    await assert.rejects(readBackup(broken(), { key: null }), (error) => !(error instanceof BackupFaultError));
  });
});
