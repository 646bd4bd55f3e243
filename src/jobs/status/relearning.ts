/**
 * After another database took the place of the one before: until what it may have forgotten is learnt again, nothing that it calls good
 * is told. Each service learns from the lists of its own folder; the last one before the change may stand in that of another alone, and a
 * responder in a process of its own has none: all of them give the others time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Log } from '../../ports/world.js';

export type Relearning = {
  readonly isUnderWay: () => boolean;
  /** `relearn`: false, or a failure: to be tried again. */
  readonly begin: (relearn: () => Promise<boolean>) => Promise<void>;
};

const OTHERS_LEARN_MS = 10 * SECOND_MS;
const AGAIN_MS = SECOND_MS;

export function createRelearning(
  log: Log,
  {
    othersLearnMs = OTHERS_LEARN_MS,
    againMs = AGAIN_MS,
  }: { readonly othersLearnMs?: number; readonly againMs?: number } = {},
): Relearning {
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
      while (!(await relearn().catch(failed))) await sleep(againMs, undefined, { ref: false });
      await others;
      underWay -= 1;
    },
  };
}
