/**
 * Tracks relearning after another database has replaced the previous one. Until the process has
 * learned everything that the new database may lack, no OCSP response reports `good` only because
 * the database does. Each process learns from the CRLs in its own folder. The newest CRL may be
 * only in the folder of another process, and a responder process has no CRLs. So every process also
 * waits long enough for the others to finish.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Log } from '../../ports/world.js';

export type RelearningWork = {
  readonly isUnderWay: () => boolean;
  /**
   * Calls `relearn` until it returns true; a failed call is retried. Then waits until the other
   * processes have had time to finish.
   */
  readonly begin: (relearn: () => Promise<boolean>) => Promise<void>;
};

/** How long the other processes may take to relearn from their CRLs. */
const OTHERS_LEARN_MS = 10 * SECOND_MS;
const RETRY_MS = SECOND_MS;

export function createRelearning(
  log: Log,
  {
    othersLearnMs = OTHERS_LEARN_MS,
    retryMs = RETRY_MS,
  }: { readonly othersLearnMs?: number; readonly retryMs?: number } = {},
): RelearningWork {
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
