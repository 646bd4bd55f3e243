/** Answers that outlive their process: taken up at the start, and written every five minutes and at the end. */

import { MINUTE_MS } from '../../kernel/duration.js';
import type { OcspResponder } from '../../operations/status/answer-ocsp.js';
import type { Log } from '../../ports/world.js';
import { loadAnswers, saveAnswers } from '../../publish/saved-answers-file.js';
import type { Job } from '../runner.js';

const KEEP_EVERY_MS = 5 * MINUTE_MS;

export type KeptFile = {
  readonly takeUp: () => Promise<void>;
  readonly job: Job;
  /** For the last time. */
  readonly end: () => Promise<void>;
};

export function createKeptFile(
  responder: Pick<OcspResponder, 'cachedAnswers' | 'restore'>,
  file: string,
  log: Log,
): KeptFile {
  const keep = async (): Promise<void> => void (await saveAnswers(file, responder.cachedAnswers()));
  return {
    takeUp: async () => {
      try {
        const found = await loadAnswers(file, responder.restore);
        if (found.broken > 0) log.warn('ocsp.answers-broken', { file, lines: found.broken });
        log.info('ocsp.answers-taken-up', { answers: found.loaded });
      } catch (error) {
        // They are made anew.
        log.warn('ocsp.answers-unreadable', { file, detail: String(error) });
      }
    },
    job: { name: 'keep-answers', everyMs: KEEP_EVERY_MS, run: keep },
    end: () => keep().catch((error: unknown) => log.warn('ocsp.answers-not-kept', { detail: String(error) })),
  };
}
