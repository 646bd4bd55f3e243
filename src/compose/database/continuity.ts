/**
 * What a process knows of its database: at first what the home folder knows, then what the process
 * has committed itself.
 */
import { closeSync, fsync, openSync, writeSync } from 'node:fs';
import type { Continuity, DatabasePoint } from '../../ports/store/continuity.js';
import type { Log } from '../../ports/world.js';
import { markText, readMark, readOpenMark, writeMark } from './mark.js';

/** The continuity of the database, with the point that the home folder keeps. */
export type HomeContinuity = Continuity & {
  /** Begins to compare, when it is clear that the database knows this point. */
  readonly arm: (point: DatabasePoint) => void;
  /**
   * Called when a fault is found, and when it is gone: before anything is used that was read from a
   * database that is back or that officers have accepted.
   */
  readonly onChange: (listener: () => void) => void;
  /** The fault that was found last; null: there is none. */
  readonly fault: () => string | null;
  /** Begins to write what the home folder knows to the disk, so that it survives a power cut. */
  readonly sync: () => void;
  readonly close: () => void;
};

/**
 * Compares, and keeps what is known in memory. After a fault it looks into `database.json`, which
 * officers rewrite when they accept a database.
 */
export function createContinuity(markFile: string, log: Log): HomeContinuity {
  let known: DatabasePoint | null = null;
  let fault: string | null = null;
  const listeners: (() => void)[] = [];
  return {
    onChange: (listener) => void listeners.push(listener),
    known: () => known,
    advance: (point) => {
      // A read that began before the last commit has seen an earlier point.
      if (known?.id !== point.id || known.seq < point.seq) known = point;
    },
    refresh: () => {
      const mark = readMark(markFile);
      known = (mark.ok ? mark.value : null) ?? known;
      return known;
    },
    report: (found) => {
      if (found !== null && fault === null) log.error('database.replaced', { detail: found });
      if (found === null && fault !== null) log.info('database.back');
      const hasChanged = (found === null) !== (fault === null);
      fault = found;
      if (hasChanged) for (const listener of listeners) listener();
    },
    arm: (point) => {
      known = point;
    },
    fault: () => fault,
    sync: () => undefined,
    close: () => undefined,
  };
}

/** Does what `createContinuity` does, and writes each commit into `database.json`. */
export function createRecordedContinuity(markFile: string, log: Log): HomeContinuity {
  const memory = createContinuity(markFile, log);
  let file: number | null = null;
  let isWritable = true;

  /**
   * Overwrites the file without a sync: the content survives the end of the process at once, and a
   * power cut after the next `sync`. A later point, which another process of this home folder has
   * written, stays. If that happens between the look and the write, the file has the earlier of two
   * points, both of which are true, until the next commit.
   */
  const record = (point: DatabasePoint): void => {
    if (file === null) return;
    try {
      const written = readOpenMark(file);
      if (written?.id === point.id && written.seq > point.seq) return;
      writeSync(file, markText(point), 0);
      isWritable = true;
    } catch (error) {
      // The database is not at fault. The home folder knows an older point, which remains true.
      if (isWritable) log.warn('database.mark-not-written', { detail: String(error) });
      isWritable = false;
    }
  };
  const close = (): void => {
    if (file !== null) closeSync(file);
    file = null;
  };
  const open = (): void => {
    close();
    file = openSync(markFile, 'r+');
  };
  const reopen = (): void => {
    try {
      open();
    } catch (error) {
      log.warn('database.mark-not-written', { detail: String(error) });
    }
  };

  return {
    ...memory,
    advance: (point) => {
      const before = memory.known();
      memory.advance(point);
      if (memory.known() !== before) record(point);
    },
    refresh: () => {
      // Officers have put another file in its place if they have accepted the database.
      reopen();
      return memory.refresh();
    },
    arm: (point) => {
      memory.arm(point);
      const before = readMark(markFile);
      if (!before.ok || before.value === null) writeMark(markFile, point);
      open();
      record(point);
    },
    sync: () => {
      // If it fails, the file has an older point after a power cut.
      if (file !== null) fsync(file, () => undefined);
    },
    close,
  };
}
