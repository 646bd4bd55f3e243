/**
 * Tracks the answers that are being made. If a status changes after it was read and before its
 * answer is sent, the answer is marked as outdated: it is neither sent nor cached, however late its
 * signature arrives.
 */
import type { CertStatus } from './decide.js';

export type AnswerInProgress = {
  /** The statuses that were read from the database, by `certificateKeyOf`; empty until then. */
  readonly statuses: Map<string, CertStatus['kind']>;
  outdated: boolean;
};

type AnswersInProgress = {
  readonly begin: (about: readonly string[]) => AnswerInProgress;
  readonly end: (answer: AnswerInProgress) => void;
  /**
   * Marks all answers about this certificate as outdated, or only those that contain this status.
   */
  readonly outdate: (about: string, which: 'all' | 'good' | 'revoked') => void;
  readonly outdateAll: () => void;
  readonly count: () => number;
};

export function createAnswerTracker(): AnswersInProgress {
  const statusKeysOf = new Map<AnswerInProgress, readonly string[]>();
  const byStatusKey = new Map<string, Set<AnswerInProgress>>();
  return {
    begin: (about) => {
      const answer: AnswerInProgress = { statuses: new Map(), outdated: false };
      statusKeysOf.set(answer, about);
      for (const key of about) byStatusKey.set(key, (byStatusKey.get(key) ?? new Set()).add(answer));
      return answer;
    },
    end: (answer) => {
      for (const key of statusKeysOf.get(answer) ?? []) {
        const answers = byStatusKey.get(key);
        answers?.delete(answer);
        if (answers?.size === 0) byStatusKey.delete(key);
      }
      statusKeysOf.delete(answer);
    },
    outdate: (about, which) => {
      for (const answer of byStatusKey.get(about) ?? []) {
        if (which === 'all' || answer.statuses.get(about) === which) answer.outdated = true;
      }
    },
    outdateAll: () => {
      for (const answer of statusKeysOf.keys()) answer.outdated = true;
    },
    count: () => statusKeysOf.size,
  };
}
