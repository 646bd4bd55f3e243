/**
 * Checks whether the disk of the database has space for the rows of a request. A small transaction,
 * such as a heartbeat, does not show this: on a full disk its rows still fit into pages that the
 * tables have.
 */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Knex } from 'knex';
import { RETRY_LATER_MS, StoreUnavailable } from './failures.js';
import { takeConnection } from './pooled-connection.js';

/**
 * If fewer octets are free, the disk counts as full: the commit of a request may not fit into the
 * log of SQLite.
 */
const FILE_BYTES_MIN = 256 * 1024;

/** Rejects with `StoreUnavailable` if the disk of this file is full. */
export async function confirmFileSpace(file: string): Promise<void> {
  const found = await statfs(dirname(file)).catch(() => null);
  if (found !== null && found.bavail * found.bsize < FILE_BYTES_MIN)
    throw new StoreUnavailable('the disk is full: free space there', RETRY_LATER_MS);
}

/**
 * Makes the server write to its disk, because PostgreSQL cannot be asked for free space. It sorts
 * the values of this statement, 1 MB, with 64 kB of memory, and so writes them to a temporary file
 * next to the tables of the database, which it deletes. Nothing else is written, and no privilege
 * is needed.
 */
const SORT_SQL =
  "begin; set local work_mem = '64kB'; set local temp_tablespaces = ''; " +
  'select count(distinct repeat(md5(n::text), 32)) from generate_series(1, 1024) as n; rollback';

type ServerSpace = {
  /** Runs a write transaction, and notices when it fails because the disk is full. */
  readonly watch: <Value>(transaction: () => Promise<Value>) => Promise<Value>;
  /**
   * Rejects with `StoreUnavailable` if the disk of the server is full. The server is asked at the
   * first call. After a transaction has failed because the disk was full, it is asked at each call
   * until it has space again. It is not asked at every call, because servers may log each temporary
   * file.
   */
  readonly confirm: () => Promise<void>;
};

/**
 * Creates the check for a PostgreSQL server. `db`: the pool of connections for reads. `msMax`:
 * limit for the answer of the server, in milliseconds.
 */
export function createServerSpace(db: Knex, msMax: number): ServerSpace {
  let isConfirmed = false;
  let failures = 0;
  return {
    watch: async (transaction) => {
      try {
        return await transaction();
      } catch (error) {
        if (error instanceof StoreUnavailable && error.isDiskFull) {
          failures += 1;
          isConfirmed = false;
        }
        throw error;
      }
    },
    confirm: async () => {
      if (isConfirmed) return;
      const before = failures;
      await sortOnServer(db, msMax);
      isConfirmed = failures === before;
    },
  };
}

async function sortOnServer(db: Knex, msMax: number): Promise<void> {
  const pooled = await takeConnection(db);
  try {
    await pooled.execute(SORT_SQL, msMax);
    pooled.release();
  } catch (error) {
    await pooled.destroy();
    throw error;
  }
}
