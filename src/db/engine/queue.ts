/**
 * A bounded queue for one resource: callers use it one at a time, in the order of their arrival. A
 * caller that would wait too long, or behind too many others, is refused.
 */
import { assert } from '../../kernel/assert.js';
import { RETRY_SOON_MS, StoreUnavailable } from './failures.js';

export type QueueLimits = { readonly waitingMax: number; readonly waitMsMax: number };

type Queue = {
  /**
   * Waits for a turn. Resolves with the function that ends the turn. Rejects with
   * `StoreUnavailable`.
   */
  readonly enter: () => Promise<() => void>;
  /** Refuses all waiting callers, and resolves when the running one has ended its turn. */
  readonly close: () => Promise<void>;
};

type QueuedCaller = { readonly admit: () => void; readonly refuse: (error: StoreUnavailable) => void };

export function createQueue(limits: QueueLimits): Queue {
  const waiting = new Set<QueuedCaller>();
  const onIdle: (() => void)[] = [];
  let busy = false;
  let closed = false;

  const leave = (): void => {
    const [next] = waiting;
    if (next !== undefined) {
      next.admit();
      return;
    }
    busy = false;
    for (const notify of onIdle.splice(0)) notify();
  };

  const leaveOnce = (): (() => void) => {
    let hasLeft = false;
    return () => {
      assert(!hasLeft, 'a turn is ended once');
      hasLeft = true;
      leave();
    };
  };

  const enter = (): Promise<() => void> => {
    if (closed) return Promise.reject(new StoreUnavailable('the database is closed', RETRY_SOON_MS));
    if (!busy) {
      busy = true;
      return Promise.resolve(leaveOnce());
    }
    if (waiting.size >= limits.waitingMax) {
      return Promise.reject(new StoreUnavailable('too many transactions are waiting', RETRY_SOON_MS));
    }
    return new Promise((resolve, reject) => {
      const timeoutError = new StoreUnavailable('the transaction waited too long for its turn', RETRY_SOON_MS);
      const timer = setTimeout(() => caller.refuse(timeoutError), limits.waitMsMax);
      const caller: QueuedCaller = {
        admit: () => {
          clearTimeout(timer);
          waiting.delete(caller);
          resolve(leaveOnce());
        },
        refuse: (error) => {
          clearTimeout(timer);
          waiting.delete(caller);
          reject(error);
        },
      };
      waiting.add(caller);
    });
  };

  const close = async (): Promise<void> => {
    closed = true;
    for (const caller of [...waiting]) caller.refuse(new StoreUnavailable('the database is closing', RETRY_SOON_MS));
    if (busy) await new Promise<void>((resolve) => onIdle.push(resolve));
  };

  return { enter, close };
}
