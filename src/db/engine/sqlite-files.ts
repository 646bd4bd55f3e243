/**
 * Notices when the files of a SQLite database are removed, renamed, replaced or overwritten while
 * they are open. The operating system lets a process go on with a file that no longer has a name:
 * everything that it acknowledges from then on would be lost when it ends.
 */
import { statSync } from 'node:fs';
import type { Database } from 'sqlite3';
import { RETRY_LATER_MS, StoreUnavailable } from './failures.js';

export type FileWatch = {
  /** Remembers the files as they are. Called when the connection that writes is open. */
  readonly begin: () => void;
  /**
   * Throws `StoreUnavailable` if the files are not those that were remembered, or another program
   * has overwritten them. Before `begin`, nothing is compared.
   */
  readonly check: () => void;
  /**
   * Runs a checkpoint, which is the only write of this process to the database file itself. If the
   * file changes between two checkpoints, another program has written to it.
   */
  readonly whileWriting: (checkpoint: () => Promise<void>) => Promise<void>;
};

type FileFacts = {
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly changedMs: number;
};
type FileName = 'database' | 'log' | 'index';
type OpenFiles = { readonly [Name in FileName]: FileFacts };

type FileWatchOptions = {
  /**
   * SQLite never truncates an open log below this size, so that a log that shrinks below it is a
   * fault.
   */
  readonly logBytesKept: number;
  /**
   * true: no other process writes to the database file while this one runs, so that a change of its
   * content is a fault. false: others may write, for example the service beside a command.
   */
  readonly isOnlyWriter: boolean;
  /** Called with the fault that was found, or with null when there is none any more. */
  readonly report: (fault: string | null) => void;
};

export function createFileWatch(file: string, { logBytesKept, isOnlyWriter, report }: FileWatchOptions): FileWatch {
  const paths = { database: file, log: `${file}-wal`, index: `${file}-shm` } as const;
  let remembered: OpenFiles | null = null;
  let isWriting = false;

  const contentFault = (name: FileName, before: FileFacts, now: FileFacts): boolean => {
    if (name === 'index') return false;
    if (name === 'log') return now.sizeBytes < Math.min(before.sizeBytes, logBytesKept);
    if (isWriting) return false;
    if (now.sizeBytes < before.sizeBytes) return true;
    return isOnlyWriter && (now.changedMs !== before.changedMs || now.sizeBytes !== before.sizeBytes);
  };
  const faultOf = (name: FileName, before: FileFacts, now: FileFacts | null): string | null => {
    if (now === null) return `${paths[name]} was removed or renamed while this process uses it`;
    if (!isSameFile(before, now))
      return `another file was put in the place of ${paths[name]} while this process uses it`;
    if (contentFault(name, before, now))
      return `${paths[name]} was overwritten by another program while this process uses it`;
    return null;
  };

  return {
    begin: () => {
      const [database, log, index] = [factsOf(paths.database), factsOf(paths.log), factsOf(paths.index)];
      remembered = database === null || log === null || index === null ? null : { database, log, index };
    },
    check: () => {
      if (remembered === null) return;
      const log = factsOf(paths.log);
      const fault =
        faultOf('database', remembered.database, factsOf(paths.database)) ??
        faultOf('log', remembered.log, log) ??
        faultOf('index', remembered.index, factsOf(paths.index));
      report(fault);
      if (fault !== null) throw new StoreUnavailable(`${fault}: pfcng doctor says what to do`, RETRY_LATER_MS);
      if (log !== null) remembered = { ...remembered, log };
    },
    whileWriting: async (checkpoint) => {
      isWriting = true;
      try {
        await checkpoint();
      } finally {
        isWriting = false;
        const database = factsOf(paths.database);
        // If another file was put in its place meanwhile, the next check notices it.
        if (remembered !== null && database !== null && isSameFile(remembered.database, database))
          remembered = { ...remembered, database };
      }
    },
  };
}

/**
 * Tells the pool which connections to replace. A connection goes on reading its file after another
 * file has replaced it, so the pool closes it and opens a new one. While no file has the name,
 * nothing is written, and the connection stays open.
 */
export function createReplacementCheck(file: string) {
  const opened = new WeakMap<Database, string>();
  const readFileId = (): string | null => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? null : `${found.dev}-${found.ino}`;
  };
  return {
    note: (connection: Database): void => void opened.set(connection, readFileId() ?? ''),
    validate: (connection: Database): boolean => {
      const now = readFileId();
      return now === null || opened.get(connection) === now;
    },
  };
}

function isSameFile(one: FileFacts, other: FileFacts): boolean {
  return one.device === other.device && one.inode === other.inode;
}

/** Returns what identifies a file and shows whether it was changed. null: no file has this name. */
function factsOf(path: string): FileFacts | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return { device: found.dev, inode: found.ino, sizeBytes: found.size, changedMs: found.mtimeMs };
}
