/**
 * Copies a SQLite database while others write to it, with SQLite's online backup API
 * (sqlite.org/backup.html). The copy is made in one step, so that it is one snapshot: in WAL mode
 * writers go on meanwhile.
 */
import { closeSync, openSync } from 'node:fs';
import sqlite3 from 'sqlite3';
import { assert } from '../../kernel/assert.js';

/** `copy` must not exist. Rejects with an error of the file system or of SQLite. */
export async function copySqlite(file: string, copy: string): Promise<void> {
  // SQLite would make a file that others may read.
  closeSync(openSync(copy, 'wx', 0o600));
  const source = await open(file);
  try {
    const backup = (source as BackupSource).backup(copy, ignore);
    await called((done) => backup.step(ALL_PAGES, done));
    await called((done) => backup.finish(done));
    assert(backup.completed, 'one step copies all pages');
  } finally {
    await called((done) => source.close(done));
  }
}

type Callback = (error?: Error | null) => void;

/** The types of the driver lack this. */
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
 * The connection may write, so that SQLite removes the log and its index if no other process uses
 * them. It never runs a checkpoint while a service runs.
 */
function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const opened = new sqlite3.Database(file, sqlite3.OPEN_READWRITE, (error) =>
      error === null ? resolve(opened) : reject(error),
    );
  });
}

function called(call: (done: Callback) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error instanceof Error ? reject(error) : resolve()));
  });
}
