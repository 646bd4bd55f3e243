/**
 * Remembers the last point of the database that a process knows: the id of the database, and the
 * last entry of its audit log. So the process notices when an older or another database is put in
 * place.
 */
import { closeSync, fsync, openSync, writeSync } from 'node:fs';
import type { Continuity, DatabasePoint } from '../../ports/store/continuity.js';
import type { Log } from '../../ports/world.js';
import { markText, readMark, readOpenMark, writeMark } from './mark.js';

/** The continuity of the database for one process of a home folder. */
export type HomeContinuity = Continuity & {
  /**
   * Sets the first point, when the start has checked that the database knows it. From then on the
   * database is compared with what is known.
   */
  readonly startComparing: (point: DatabasePoint) => void;
  /**
   * Registers a listener, which is called when a fault is found and when it is gone. When a fault
   * is gone, it is called before anything that was read from the database is used.
   */
  readonly onChange: (listener: () => void) => void;
  /** Returns the fault that was found last; null: there is none now. */
  readonly fault: () => string | null;
  /** Begins to write `database.json` to the disk, so that its content survives a power cut. */
  readonly sync: () => void;
  readonly close: () => void;
};

/**
 * Keeps the point in memory, and writes nothing. After a fault, `refresh` reads `database.json`
 * again, because officers rewrite this file when they accept a database.
 */
export function createContinuity(markFile: string, log: Log): HomeContinuity {
  let known: DatabasePoint | null = null;
  let fault: string | null = null;
  const listeners: (() => void)[] = [];
  return {
    onChange: (listener) => void listeners.push(listener),
    known: () => known,
    advance: (point) => {
      // A read that began before the last commit may have seen an earlier point, which is ignored.
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
    startComparing: (point) => {
      known = point;
    },
    fault: () => fault,
    sync: () => undefined,
    close: () => undefined,
  };
}

/** Does what `createContinuity` does, and writes each later point into `database.json`. */
export function createRecordedContinuity(markFile: string, log: Log): HomeContinuity {
  const memory = createContinuity(markFile, log);
  let file: number | null = null;
  let isWritable = true;

  /**
   * Overwrites the file without a sync: the content survives the end of the process at once, and a
   * power cut after the next `sync`. A later point that another process of this home folder has
   * written is not overwritten. If the other process writes it between the read and the write here,
   * the file has the earlier point until the next commit; both points are true.
   */
  const record = (point: DatabasePoint): void => {
    if (file === null) return;
    try {
      const written = readOpenMark(file);
      if (written?.id === point.id && written.seq > point.seq) return;
      writeSync(file, markText(point), 0);
      isWritable = true;
    } catch (error) {
      // This is no fault of the database: the file still has an older point, which remains true.
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
      // If officers have accepted another database, a new file has replaced this one.
      reopen();
      return memory.refresh();
    },
    startComparing: (point) => {
      memory.startComparing(point);
      const before = readMark(markFile);
      if (!before.ok || before.value === null) writeMark(markFile, point);
      open();
      record(point);
    },
    sync: () => {
      // A failure is ignored: the file may then have an older point after a power cut.
      if (file !== null) fsync(file, () => undefined);
    },
    close,
  };
}
