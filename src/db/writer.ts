/** Transactions of SQLite, one at a time on the one connection that writes. */
import type { Knex } from 'knex';
import { assert } from '../kernel/assert.js';
import { RETRY_SOON_MS, StoreUnavailable, translated } from './failures.js';
import { createQueue, type QueueLimits } from './queue.js';
import { createSession, type Guard, type Session } from './session.js';

export type WriterLimits = QueueLimits & {
  /** A transaction that takes longer is rolled back: it holds up every other. */
  readonly transactionMsMax: number;
};

export type Writer = {
  /** Rejects with `StoreUnavailable` or with what the work threw; either way nothing of it is there. */
  readonly transact: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
};

/** `db` has one connection, so that every statement between BEGIN and COMMIT is the transaction's own. */
export function createWriter(db: Knex, limits: WriterLimits): Writer {
  const queue = createQueue(limits);

  const transact = async <Value>(work: (session: Session) => Promise<Value>): Promise<Value> => {
    const leave = await queue.enter();
    const guard: Guard = { ended: false, failed: null };
    try {
      await begin(db);
      const value = await inTime(work(createSession(db, guard)), guard, limits.transactionMsMax);
      if (guard.failed !== null) throw guard.failed;
      guard.ended = true;
      await db.raw('COMMIT');
      return value;
    } catch (error) {
      guard.ended = true;
      await rollback(db);
      throw translated(error);
    } finally {
      leave();
    }
  };

  const close = async (): Promise<void> => {
    await queue.close();
    await db.destroy();
  };

  return { transact, close };
}

/** IMMEDIATE takes the write lock at once: a transaction that has read can never find that it may not write. */
async function begin(db: Knex): Promise<void> {
  try {
    await db.raw('BEGIN IMMEDIATE');
  } catch (error) {
    // A rollback that failed, when the disk did, left its transaction open.
    if (!String(error).includes('within a transaction')) throw error;
    await db.raw('ROLLBACK');
    await db.raw('BEGIN IMMEDIATE');
  }
}

/** SQLite has rolled back by itself after some errors; the next BEGIN heals what fails here. */
async function rollback(db: Knex): Promise<void> {
  try {
    await db.raw('ROLLBACK');
  } catch (error) {
    assert(error instanceof Error, 'drivers throw errors');
  }
}

async function inTime<Value>(work: Promise<Value>, guard: Guard, msMax: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      guard.failed ??= new StoreUnavailable('the transaction took too long and was rolled back', RETRY_SOON_MS);
      reject(guard.failed);
    }, msMax);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Its next statement fails at the guard; nobody is left to hear of it.
    work.catch(() => {});
  }
}
