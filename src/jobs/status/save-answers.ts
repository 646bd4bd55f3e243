/**
 * Saves the cached OCSP responses of a process to a file, every five minutes and when the process
 * stops, so that the next process can use them.
 */
import { MINUTE_MS } from '../../kernel/duration.js';
import type { OcspResponder } from '../../operations/status/answer-ocsp.js';
import type { Log } from '../../ports/world.js';
import { loadAnswers, saveAnswers } from '../../publish/saved-answers-file.js';
import type { RunJob } from '../job.js';

export type AnswersFile = {
  /**
   * Reads the responses that the previous process saved. If the file cannot be read, the responses
   * are signed again.
   */
  readonly load: () => Promise<void>;
  readonly save: () => Promise<void>;
};

/** `answersFile`: null if the process does not save its responses. */
export const saveAnswersJob: RunJob<{ readonly answersFile: AnswersFile | null }, 'responder'> = {
  name: 'save-answers',
  scope: 'run',
  roles: ['responder'],
  everyMs: 5 * MINUTE_MS,
  isEssential: false,
  alsoRuns: ['at-stop'],
  prepare: ({ answersFile }) => (answersFile === null ? null : { run: answersFile.save }),
};

export function createAnswersFile(
  responder: Pick<OcspResponder, 'cachedAnswers' | 'restore'>,
  file: string,
  log: Log,
): AnswersFile {
  return {
    load: async () => {
      try {
        const found = await loadAnswers(file, responder.restore);
        if (found.broken > 0) log.warn('ocsp.answers-broken', { file, lines: found.broken });
        log.info('ocsp.answers-loaded', { answers: found.loaded });
      } catch (error) {
        log.warn('ocsp.answers-unreadable', { file, detail: String(error) });
      }
    },
    save: async () => {
      try {
        await saveAnswers(file, responder.cachedAnswers());
      } catch (error) {
        log.warn('ocsp.answers-not-saved', { file, detail: String(error) });
      }
    },
  };
}
