/**
 * Runs transactions one after the other. A process has one connection that writes, and takes the
 * write lock of the database before it reads anything. So a transaction sees all earlier commits,
 * and only heartbeats are written while it runs: transactions are serializable, and none fails
 * because of a conflict with another.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RETRY_LATER_MS, RETRY_SOON_MS, StoreUnavailable, translateError } from './failures.js';
import { createQueue, type QueueLimits } from './queue.js';
import type { Session, SessionState } from './session.js';

type WriterLimits = QueueLimits & {
  /** A longer transaction is rolled back, because all other transactions wait for it. */
  readonly transactionMsMax: number;
};

/** Called with the milliseconds that a transaction has waited for the write lock. */
export type LockWaitObserver = (ms: number) => void;

export type Writer = {
  /**
   * Runs a transaction. Rejects with `StoreUnavailable` or with the error that the work has thrown.
   * Nothing was committed then, unless the commit itself or a check after it has failed: then the
   * transaction may have been committed. The work is retried after a transient failure that has
   * committed nothing, such as the loss of the connection before the commit.
   */
  readonly transact: <Value>(work: (session: Session) => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
};

/** A transaction that has begun and has the write lock. */
export type OpenTransaction = {
  readonly session: (state: SessionState) => Session;
  /**
   * If the transaction has been committed or may have been, `commit` rejects only with
   * `StoreUnavailable` or a driver error that becomes one, so that no group is executed again.
   */
  readonly commit: () => Promise<void>;
  /** Called after any failure, of the commit too. Does not reject. */
  readonly abort: () => Promise<void>;
};

/**
 * A transaction is retried for this number of milliseconds, for example during a failover. After
 * that the caller gets the error, with a retry time.
 */
const RETRY_MS_MAX = 3_000;
const RETRY_FIRST_PAUSE_MS = 20;

export function createWriter(
  begin: () => Promise<OpenTransaction>,
  limits: WriterLimits,
  lockWaited: LockWaitObserver = () => undefined,
): Writer {
  const queue = createQueue(limits);

  const attempt = async <Value>(work: (session: Session) => Promise<Value>): Promise<Value> => {
    const startedAt = performance.now();
    // A wait that ends with a failure counts too.
    const begun = await begin().finally(() => lockWaited(performance.now() - startedAt));
    const state: SessionState = { ended: false, failed: null };
    try {
      const value = await withTransactionTimeout(work(begun.session(state)), state, limits.transactionMsMax);
      if (state.failed !== null) throw state.failed;
      state.ended = true;
      await begun.commit();
      return value;
    } catch (error) {
      state.ended = true;
      await begun.abort();
      throw state.failed ?? error;
    }
  };

  const transact = async <Value>(work: (session: Session) => Promise<Value>): Promise<Value> => {
    const leave = await queue.enter();
    try {
      return await retry(Math.min(RETRY_MS_MAX, limits.waitMsMax), () => attempt(work));
    } finally {
      leave();
    }
  };

  return { transact, close: () => queue.close() };
}

/**
 * Does what follows a commit. If a bug makes it fail, the error must not look like that of a
 * transaction that has committed nothing, because a group is then executed again.
 */
export async function whenCommitted(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const { message } = translateError(error);
    throw new StoreUnavailable(
      `the transaction was committed, but a check after it failed: ${message}`,
      RETRY_LATER_MS,
    );
  }
}

/**
 * Retries work that failed for a transient reason, with growing pauses, until `msMax` have passed.
 */
export async function retry<Value>(msMax: number, work: () => Promise<Value>): Promise<Value> {
  const end = performance.now() + msMax;
  for (let waitMs = RETRY_FIRST_PAUSE_MS; ; waitMs *= 2) {
    try {
      return await work();
    } catch (thrown) {
      const error = translateError(thrown);
      if (!(error instanceof StoreUnavailable && error.canRetry) || performance.now() + waitMs >= end) throw error;
      await sleep(waitMs);
    }
  }
}

/**
 * Rejects with `StoreUnavailable` after `msMax` milliseconds, and marks `state` as failed, so that
 * the next statement of the work fails.
 */
export async function withTransactionTimeout<Value>(
  work: Promise<Value>,
  state: SessionState,
  msMax: number,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      state.failed ??= new StoreUnavailable('the transaction took too long and was rolled back', RETRY_SOON_MS);
      reject(state.failed);
    }, msMax);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // After the timeout the work fails at its next statement, and nobody waits for it any more:
    // this rejection is ignored.
    work.catch(() => {});
  }
}
