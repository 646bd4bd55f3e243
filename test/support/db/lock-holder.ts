/**
 * Run as a process of its own and stopped or killed in the middle: begins a transaction, which has
 * the write lock, says so on stdout, and does not end it. `idle`: it waits between two statements;
 * `busy`: during one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgresql } from '../../../src/db/engine/postgresql.js';
import { DEFAULT_LIMITS } from '../../../src/db/open.js';
import { databaseFrom } from './argument.js';

const [databaseText = '', state = ''] = process.argv.slice(2);
const database = databaseFrom(databaseText);
if (database.kind !== 'postgresql') throw new Error('the lock is one of PostgreSQL');
const MINUTE_MS = 60_000;
const limits = {
  waitMsMax: MINUTE_MS,
  waitingMax: 1,
  groupItemsMax: 1,
  transactionMsMax: 10 * MINUTE_MS,
  writerIdleMsMax: DEFAULT_LIMITS.writerIdleMsMax,
  readMsMax: MINUTE_MS,
  readsMax: 1,
  readConnectionsMax: 1,
  snapshotsMax: 1,
  fileBytesMax: 1024 ** 3,
};
await openPostgresql(database, limits).transact(async (session) => {
  await session.sql('select 1');
  process.stdout.write('has the lock\n');
  if (state === 'busy') await session.sql('select pg_sleep(600)');
  await sleep(10 * MINUTE_MS);
});
