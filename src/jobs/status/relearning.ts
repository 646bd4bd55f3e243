/**
 * Learning again after another database took the place of the one before: until everything is
 * learnt that the new database may have forgotten, no OCSP response says `good` on its word. Each
 * service learns from the lists in its own folder. The newest list may be in the folder of another
 * service only, and a responder in a process of its own has no lists: both give the others time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Log } from '../../ports/world.js';

export type RelearningState = {
  readonly isUnderWay: () => boolean;
  /** Calls `relearn` until it returns true; a failure is retried. */
  readonly begin: (relearn: () => Promise<boolean>) => Promise<void>;
};

const OTHERS_LEARN_MS = 10 * SECOND_MS;
const RETRY_MS = SECOND_MS;

export function createRelearning(
  log: Log,
  {
    othersLearnMs = OTHERS_LEARN_MS,
    retryMs = RETRY_MS,
  }: { readonly othersLearnMs?: number; readonly retryMs?: number } = {},
): RelearningState {
  let underWay = 0;
  const failed = (error: unknown): boolean => {
    log.error('crl.relearning-failed', { detail: String(error) });
    return false;
  };
  return {
    isUnderWay: () => underWay > 0,
    begin: async (relearn) => {
      underWay += 1;
      const others = sleep(othersLearnMs, undefined, { ref: false });
      while (!(await relearn().catch(failed))) await sleep(retryMs, undefined, { ref: false });
      await others;
      underWay -= 1;
    },
  };
}
