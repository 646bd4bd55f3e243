/** Properties of SQLite only: a file, its mode, its locks and its disk. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sqlite3 from 'sqlite3';
import { StoreUnavailable } from '../../../src/db/engine/failures.js';
import { connectSqlite, createWriteConnection } from '../../../src/db/engine/sqlite.js';
import { statementsOf } from '../../../src/db/engine/sqlite-statements.js';
import { createWriter } from '../../../src/db/engine/writer.js';
import { openReader, openStore, type StoreOptions } from '../../../src/db/open.js';
import { MINUTE_MS } from '../../../src/kernel/duration.js';
import type { Transaction } from '../../../src/ports/store.js';
import { cleanUp, NEW_ID, opened, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { AUDIT_ORIGIN, certify, event, ISSUER, idOf, intent, NOW } from '../../support/db/records.js';
import { insertIntents } from '../../support/db/unaudited.js';

/** A transaction is late after this time. */
const LATE_MS = 500;

function fresh(): string {
  return join(temporaryFolder(), 'pfcng.sqlite');
}

function open(file: string, options: Partial<StoreOptions> = {}) {
  return openStore({
    database: { kind: 'sqlite', file },
    environmentMark: 'development',
    auditOrigin: AUDIT_ORIGIN,
    clock: () => NOW,
    newId: NEW_ID,
    ...options,
  });
}

describe('a database in a file', () => {
  afterEach(cleanUp);

  it('the file is its owner’s alone, syncs every commit, and holds its foreign keys', async () => {
    const file = fresh();
    const store = await opened({ database: { kind: 'sqlite', file } });
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    for (const one of [file, `${file}-wal`]) assert.equal(statSync(one).mode & 0o077, 0, one);
    const raw = await rawDatabase({ kind: 'sqlite', file });
    assert.deepEqual(await raw.all('pragma journal_mode'), [{ journal_mode: 'wal' }]);
    assert.deepEqual(await raw.all('pragma integrity_check'), [{ integrity_check: 'ok' }]);
    await raw.close();
  });

  it('closed after reads and snapshots too, it is one file: no connection is left behind, and the log is in it', async () => {
    const file = fresh();
    const store = unwrap(await open(file));
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    unwrap(await store.read((reads) => reads.certificateById(idOf(1))));
    unwrap(
      await store.revokedSnapshot({ issuer: ISSUER, partition: null, thisUpdate: NOW }, (snapshot) => snapshot.count()),
    );
    await store.close();
    assert.deepEqual(readdirSync(dirname(file)), ['pfcng.sqlite']);
  });

  it('is refused, and not created, where the policy wants commits to be on another server too', async () => {
    const file = fresh();
    const refused = await open(file, { durability: 'quorum' });
    assert.ok(!refused.ok && refused.error.kind === 'database-unfit', JSON.stringify(refused));
    assert.match(refused.error.detail, /SQLite is on one disk: use PostgreSQL with a synchronous standby/);
    assert.equal(existsSync(file), false);
  });

  it('a reader follows the name of the file when a restored backup replaces it', async () => {
    const [file, backup] = [fresh(), fresh()];
    for (const [path, certified] of [
      [file, 1],
      [backup, 2],
    ] as const) {
      const store = unwrap(await open(path));
      unwrap(await store.transaction((tx) => certify(tx, intent(certified))));
      await store.close();
    }
    const reader = unwrap(
      await openReader({
        database: { kind: 'sqlite', file },
        environmentMark: 'development',
        clock: () => NOW,
      }),
    );
    const has = async (certified: number): Promise<boolean> =>
      unwrap(await reader.read((reads) => reads.certificateById(idOf(certified)))) !== null;
    assert.deepEqual([await has(1), await has(2)], [true, false]);
    renameSync(file, `${file}.before`);
    assert.equal(await has(1), true, 'nobody writes while there is none');
    assert.equal(existsSync(file), false);
    renameSync(backup, file);
    assert.deepEqual([await has(1), await has(2)], [false, true]);
    await reader.close();
  });

  it('what is no database, or has no folder, is database-unavailable with a reason', async () => {
    const file = fresh();
    writeFileSync(file, 'x'.repeat(5_000));
    for (const [path, why] of [
      [file, /not a database/],
      [join(temporaryFolder(), 'missing', 'pfcng.sqlite'), /cannot be made \(ENOENT\)/],
      [temporaryFolder(), /cannot be made \(EISDIR\)/],
    ] as const) {
      const refused = await open(path);
      assert.ok(!refused.ok && refused.error.kind === 'database-unavailable', path);
      assert.match(refused.error.detail, why);
    }
  });

  it('a failure after the commit is database-unavailable, and the group is not executed again', async () => {
    let fails = false;
    const report = (): void => {
      if (fails) throw new Error('a bug');
    };
    const continuity = { known: () => null, advance: () => undefined, refresh: () => null, report };
    const store = unwrap(await open(fresh(), { continuity }));
    let turns = 0;
    const run = async (tx: Transaction, numbers: readonly number[]) => {
      turns += 1;
      fails = true;
      await insertIntents(
        tx,
        numbers.map((number) => intent(number)),
      );
      return numbers;
    };
    const work = { run };
    const outcomes = await Promise.all([1, 2].map((number) => store.groupedTransaction(work, number)));
    for (const outcome of outcomes) {
      assert.ok(!outcome.ok);
      assert.match(outcome.error.detail, /^the transaction was committed, but .*: a bug$/);
    }
    assert.equal(turns, 1);
    fails = false;
    assert.notEqual(unwrap(await store.read((reads) => reads.certificateById(idOf(2)))), null);
    await store.close();
  });

  it('a full disk is database-unavailable: the transaction left nothing, reads go on, writes too once there is room', async () => {
    const file = fresh();
    const store = unwrap(await open(file, { limits: { fileBytesMax: 2_000_000 } }));
    unwrap(await store.transaction((tx) => certify(tx, intent(1))));
    const big = (number: number) => intent(number, { tbs: new Uint8Array(2_000_000) });
    const full = await store.transaction(async (tx) => {
      await tx.appendAudit([event()]);
      await insertIntents(tx, [big(2)]);
    });
    assert.ok(!full.ok);
    assert.match(full.error.detail, /disk is full \(SQLITE_FULL\)/);
    const swallowed = await store.transaction(async (tx) => {
      await tx.appendAudit([event()]);
      await insertIntents(tx, [big(3)]).catch(() => {});
    });
    assert.ok(!swallowed.ok, 'work that hides the failure commits nothing');
    const seen = await store.read(async (reads) => [
      (await reads.certificateById(idOf(1)))?.state.status,
      await reads.certificateById(idOf(2)),
      (await reads.auditHead()).seq,
    ]);
    assert.deepEqual(unwrap(seen), ['issued', null, 0]);
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(4)])));
    await store.close();
    const roomier = await opened({ database: { kind: 'sqlite', file } });
    unwrap(await roomier.transaction((tx) => insertIntents(tx, [big(2)])));
  });

  it('a database that may not be written is database-unavailable for writers, and rolls back', async () => {
    const file = fresh();
    await opened({ database: { kind: 'sqlite', file } });
    const options = {
      file,
      waitMsMax: 100,
      connectionsMax: 1,
      fileBytesMax: 1e9,
      mode: 'read',
      access: 'open',
    } as const;
    const db = connectSqlite(options);
    const writing = createWriteConnection(db);
    const writer = createWriter(writing.begin, { waitMsMax: 100, waitingMax: 1, transactionMsMax: 1_000 });
    for (let turn = 0; turn < 2; turn += 1) {
      await assert.rejects(
        writer.transact(({ db, rows }) => rows(db('meta').insert({ key: 'k', value: 'v' }))),
        (error) => error instanceof StoreUnavailable && /cannot be written \(SQLITE_READONLY\)/.test(error.message),
      );
    }
    await writer.close();
    await writing.release();
    await db.destroy();
  });

  it('a statement that still waits for a thread when its transaction takes too long writes nothing', async () => {
    const file = fresh();
    await (await opened({ database: { kind: 'sqlite', file } })).close();
    const options = { file, waitMsMax: MINUTE_MS, connectionsMax: 1, fileBytesMax: 1e9, mode: 'write' } as const;
    const db = connectSqlite({ ...options, access: 'open' });
    const writing = createWriteConnection(db);
    const writer = createWriter(writing.begin, { waitMsMax: 100, waitingMax: 1, transactionMsMax: LATE_MS });
    await writer.transact(({ sql }) => sql('create table written (value integer)'));
    const failing = writer.transact(() => Promise.reject(new Error('the work fails')));
    await assert.rejects(failing, /the work fails/, 'ROLLBACK is a prepared statement now');
    const late = writer.transact(async ({ sql }) => {
      const release = blockThreads();
      setTimeout(release, 2 * LATE_MS);
      await sql('insert into written values (1)');
    });
    await assert.rejects(late, /took too long and was rolled back/);
    const rows = await writer.transact(({ sql }) => sql('select count(*) as count from written'));
    assert.deepEqual(rows, [{ count: 0 }]);
    await writer.close();
    await writing.release();
    await db.destroy();
  });

  it('a process that keeps the write lock is waited for, up to a timeout', async () => {
    const file = fresh();
    const store = await opened({ database: { kind: 'sqlite', file }, limits: { waitMsMax: 100 } });
    const raw = await rawDatabase({ kind: 'sqlite', file });
    await raw.all('begin immediate');
    const refused = await store.transaction((tx) => insertIntents(tx, [intent(1)]));
    assert.ok(!refused.ok);
    assert.match(refused.error.detail, /another process holds the write lock/);
    await raw.all('commit');
    await raw.close();
    unwrap(await store.transaction((tx) => insertIntents(tx, [intent(1)])));
  });

  it('a damaged file is database-unavailable, not a crash', async () => {
    const file = fresh();
    const store = unwrap(await open(file));
    for (let at = 0; at < 40; at += 1) unwrap(await store.transaction((tx) => certify(tx, intent(at))));
    await store.close();
    const content = readFileSync(file);
    content.fill(0xa5, 4_096 * 5);
    writeFileSync(file, content);
    const damaged = await open(file);
    if (damaged.ok) {
      const outcome = await damaged.value.transaction((tx) => certify(tx, intent(99)));
      await damaged.value.close();
      assert.ok(!outcome.ok && /damaged/.test(outcome.error.detail));
    } else assert.equal(damaged.error.kind, 'database-unavailable');
  });

  it('prepared statements of many rows take little memory, however many texts there are', async () => {
    const columns = Array.from({ length: 40 }, (_, at) => `c${at}`).join(', ');
    const rows = Array(200)
      .fill(`(${columns.replace(/c\d+/g, '?')})`)
      .join(', ');
    const grown = await grownBy(`create table t (${columns})`, `insert into t (${columns}) values ${rows}`, []);
    assert.ok(grown < 200, `${grown} MB`);
  });

  // SQLite keeps the values until the next ones of the statement.
  it('prepared statements of long values take little memory, however many texts there are', async () => {
    const values = Array.from({ length: 100 }, () => Buffer.alloc(8_000));
    const list = values.map(() => '?').join(', ');
    const grown = await grownBy('select 1', `select 1 where 'none' in (${list})`, values);
    assert.ok(grown < 200, `${grown} MB`);
  });
});

/** Blocks all threads of libuv's pool until the returned function is called. */
function blockThreads(): () => void {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
  // The opening of a pipe for reading ends when somebody opens it for writing.
  const blocked = Array.from({ length: threads }, () => openFile(pipe, 'r').then((handle) => handle.close()));
  return () => {
    const writing = openSync(pipe, 'w');
    void Promise.all(blocked).then(() => closeSync(writing));
  };
}

/** How many MB a connection takes more after it has prepared 512 variants of a text. */
async function grownBy(first: string, text: string, values: readonly unknown[]): Promise<number> {
  const connection = new sqlite3.Database(':memory:');
  const { run, close } = statementsOf(connection);
  await run(first, [], 'changes');
  const before = process.memoryUsage.rss();
  for (let at = 0; at < 512; at += 1) await run(`${text} -- ${at}`, values, 'changes');
  const grown = (process.memoryUsage.rss() - before) / 1024 / 1024;
  await close();
  await new Promise((resolve) => connection.close(resolve));
  return grown;
}
