/**
 * What a home folder remembers of its database, where several processes write it. Without these
 * tests, one of them could take back what another one has written, and a database that lacks the
 * last commits would be accepted at the next start.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordedContinuity } from '../../../src/compose/database/continuity.js';
import { pointBeforeFirstEntry, readMark, writeMark } from '../../../src/compose/database/mark.js';
import type { DatabasePoint } from '../../../src/ports/store/continuity.js';
import { SILENT_LOG } from '../../support/status/authority.js';

describe('the home folder of two processes', () => {
  const point = (seq: number): DatabasePoint => ({ ...pointBeforeFirstEntry('0123456789abcdef'), seq });
  let folder: string;
  let file: string;
  const start = () => createRecordedContinuity(file, SILENT_LOG);
  type Process = ReturnType<typeof start>;
  let api: Process;
  let worker: Process;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-continuity-'));
    file = join(folder, 'database.json');
    [api, worker] = [start(), start()];
  });
  afterEach(() => {
    for (const one of [api, worker]) one.close();
    rmSync(folder, { recursive: true });
  });
  const remembered = () => {
    const mark = readMark(file);
    return mark.ok ? mark.value : assert.fail(mark.error);
  };

  it('keeps the latest point that any of its processes wrote', () => {
    api.startComparing(point(3));
    worker.startComparing(point(3));
    worker.advance(point(8));
    api.advance(point(7));
    assert.deepEqual(remembered(), point(8));
    api.advance(point(9));
    assert.deepEqual(remembered(), point(9));
  });

  it('keeps it when a process starts that read the database before', () => {
    api.startComparing(point(5));
    worker.startComparing(point(4));
    assert.deepEqual(remembered(), point(5));
  });

  it('follows an older database that officers have accepted', () => {
    for (const one of [api, worker]) one.startComparing(point(9));
    writeMark(file, point(2));
    for (const one of [api, worker]) assert.deepEqual(one.refresh(), point(2));
    worker.advance(point(3));
    assert.deepEqual(remembered(), point(3));
  });

  it('follows another database that officers have accepted', () => {
    api.startComparing(point(9));
    const another = { ...point(1), id: 'f'.repeat(16) };
    writeMark(file, another);
    api.refresh();
    api.advance({ ...another, seq: 2 });
    assert.deepEqual(remembered(), { ...another, seq: 2 });
  });
});
