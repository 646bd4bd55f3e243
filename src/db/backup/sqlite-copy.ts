/**
 * Copies a SQLite database while other processes write to it, with the online backup API of SQLite
 * (sqlite.org/backup.html). The copy is made in one step, so that it is one snapshot: in WAL mode
 * writers go on meanwhile.
 */
import { closeSync, openSync } from 'node:fs';
import sqlite3 from 'sqlite3';
import { assert } from '../../kernel/assert.js';

/**
 * Copies a database. The path `copy` must not exist. Rejects with an error of the file system or of
 * SQLite.
 */
export async function copySqlite(file: string, copy: string): Promise<void> {
  // The copy is created first, because SQLite would create a file that others may read.
  closeSync(openSync(copy, 'wx', 0o600));
  const source = await open(file);
  try {
    const backup = (source as BackupSource).backup(copy, ignore);
    await callAsPromise((done) => backup.step(ALL_PAGES, done));
    await callAsPromise((done) => backup.finish(done));
    assert(backup.completed, 'one step copies all pages');
  } finally {
    await callAsPromise((done) => source.close(done));
  }
}

type Callback = (error?: Error | null) => void;

/** A database with the backup API, which the types of the driver lack. */
type BackupSource = sqlite3.Database & {
  readonly backup: (
    file: string,
    done: Callback,
  ) => {
    readonly step: (pages: number, done: Callback) => void;
    readonly finish: (done: Callback) => void;
    readonly completed: boolean;
  };
};

const ALL_PAGES = -1;
/** If the backup cannot begin, its first step reports the error. */
const ignore = (): void => undefined;

/**
 * Opens the database for writing, so that SQLite removes the log and its index if no other process
 * uses them. While a service runs, this connection never copies the log into the database file.
 */
function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const opened = new sqlite3.Database(file, sqlite3.OPEN_READWRITE, (error) =>
      error === null ? resolve(opened) : reject(error),
    );
  });
}

function callAsPromise(call: (done: Callback) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error instanceof Error ? reject(error) : resolve()));
  });
}
