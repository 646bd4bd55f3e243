import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyChain } from '../../../src/audit/chain.js';
import type { DatabaseOptions } from '../../../src/db/open.js';
import { databaseArgument } from '../../support/db/argument.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';

const WRITER = fileURLToPath(new URL('../../support/db/writer.js', import.meta.url));

/**
 * Lets it write for a while after its first acknowledgement, kills it, and returns what it reported
 * as committed.
 */
async function writeUntilKilled(database: DatabaseOptions, start: number, afterMs: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [WRITER, databaseArgument(database), String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const closed = once(child, 'close');
  while (said === '' && child.exitCode === null) await sleep(5);
  await sleep(afterMs);
  assert.ok(child.kill('SIGKILL'), 'it was still writing');
  await closed;
  return said.split('\n').slice(0, -1);
}

describeOnEach('a process killed while it writes', ({ empty, opened }) => {
  it('loses no acknowledged transaction, leaves none incomplete, and keeps the audit chain valid', async () => {
    const database = await empty();
    const acknowledged: string[] = [];
    const turns = [120, 35, 260, 71];
    // A slow machine acknowledges less in one turn, and gets more turns.
    for (let turn = 0; turn < turns.length || (acknowledged.length <= 40 && turn < 20); turn += 1) {
      const afterMs = turns[turn % turns.length] ?? 0;
      acknowledged.push(...(await writeUntilKilled(database, turn * 1_000_000, afterMs)));
    }
    assert.ok(acknowledged.length > 40, `${acknowledged.length} acknowledged`);
    const store = await opened({ database });
    for (const line of acknowledged) {
      const [what, id = ''] = line.split(' ');
      const record = unwrap(await store.read((reads) => reads.certificateById(id)));
      assert.ok(record !== null, line);
      if (what === 'issued') assert.equal(record.state.status, 'issued');
      assert.equal(record.signature === null, record.state.status === 'open');
    }
    const log = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 100_000 })));
    const verdict = await verifyChain(log);
    assert.ok(verdict.ok, JSON.stringify(verdict));
    assert.deepEqual(unwrap(await store.read((reads) => reads.auditHead())), verdict.value.head);
    await assertEachHasItsEntries(
      database,
      log.map(({ bytes }) => new TextDecoder().decode(bytes)),
    );
  });
});

/** A certificate and its audit entry were one transaction, so neither exists without the other. */
async function assertEachHasItsEntries(database: DatabaseOptions, log: readonly string[]): Promise<void> {
  const raw = await rawDatabase(database);
  const rows = await raw.all('select id, status from certificates');
  const integrity = database.kind === 'sqlite' ? await raw.all('pragma integrity_check') : [{ integrity_check: 'ok' }];
  await raw.close();
  assert.deepEqual(integrity, [{ integrity_check: 'ok' }]);
  const of = (type: string) => log.filter((entry) => entry.includes(`"${type}"`)).length;
  assert.equal(of('certificate.intent'), rows.length);
  assert.equal(of('certificate.issued'), rows.filter(({ status }) => status === 'issued').length);
}
