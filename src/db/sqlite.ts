/**
 * SQLite's connections: one that writes, a few that read, a few that hold a snapshot. In WAL mode (sqlite.org/wal.html)
 * readers see the last commit and wait for nobody; synchronous FULL syncs the log at every commit, so that what was
 * committed survives a power cut.
 */
import knex, { type Knex } from 'knex';
import type { Database } from 'sqlite3';

/** Each connection's share of memory, in KiB (`PRAGMA cache_size` takes it negative). */
const CACHE_KIB = { write: 16_384, read: 4_096 } as const;
/** A log that a long snapshot made grow is cut back to this at the next checkpoint. */
const LOG_BYTES_KEPT = 64 * 1024 * 1024;

export type SqliteOptions = {
  readonly file: string;
  readonly connectionsMax: number;
  readonly waitMsMax: number;
  readonly mode: 'write' | 'read';
  readonly fileBytesMax: number;
};

const PAGE_BYTES = 4_096;

export function connectSqlite({ file, connectionsMax, waitMsMax, mode, fileBytesMax }: SqliteOptions): Knex {
  const pragmas = [
    `busy_timeout = ${waitMsMax}`,
    // Before the first write, or it is too late.
    `page_size = ${PAGE_BYTES}`,
    ...(mode === 'write' ? ['journal_mode = WAL', `journal_size_limit = ${LOG_BYTES_KEPT}`] : ['query_only = ON']),
    'synchronous = FULL',
    'foreign_keys = ON',
    `max_page_count = ${Math.floor(fileBytesMax / PAGE_BYTES)}`,
    `cache_size = -${CACHE_KIB[mode]}`,
  ];
  return knex({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: false,
    acquireConnectionTimeout: waitMsMax,
    pool: {
      min: mode === 'write' ? 1 : 0,
      max: connectionsMax,
      afterCreate: (connection: Database, done: (error: Error | null, connection: Database) => void) =>
        connection.exec(pragmas.map((pragma) => `PRAGMA ${pragma};`).join(''), (error) => done(error, connection)),
    },
    // What knex has to say comes back as errors; the log has no place for its statements.
    log: { warn: () => {}, error: () => {}, debug: () => {}, deprecate: () => {} },
  });
}
