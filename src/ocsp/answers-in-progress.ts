/**
 * Tracks the answers that are being made. If a status changes after it was read and before its
 * answer is sent, the answer is marked as outdated. An outdated answer is neither sent nor cached,
 * however late its signature arrives.
 */
import type { CertStatus } from './decide.js';

export type AnswerInProgress = {
  /**
   * The statuses that were read from the database, by `certificateKeyOf`; empty until they are
   * read.
   */
  readonly statuses: Map<string, CertStatus['kind']>;
  outdated: boolean;
};

type AnswerTracker = {
  readonly begin: (certificateKeys: readonly string[]) => AnswerInProgress;
  readonly end: (answer: AnswerInProgress) => void;
  /**
   * Marks the answers about this certificate as outdated: all of them, or only those that contain
   * this status.
   */
  readonly markOutdated: (certificateKey: string, which: 'all' | 'good' | 'revoked') => void;
  readonly markAllOutdated: () => void;
  readonly count: () => number;
};

export function createAnswerTracker(): AnswerTracker {
  const certificateKeysOf = new Map<AnswerInProgress, readonly string[]>();
  const byCertificateKey = new Map<string, Set<AnswerInProgress>>();
  return {
    begin: (certificateKeys) => {
      const answer: AnswerInProgress = { statuses: new Map(), outdated: false };
      certificateKeysOf.set(answer, certificateKeys);
      for (const key of certificateKeys)
        byCertificateKey.set(key, (byCertificateKey.get(key) ?? new Set()).add(answer));
      return answer;
    },
    end: (answer) => {
      for (const key of certificateKeysOf.get(answer) ?? []) {
        const answers = byCertificateKey.get(key);
        answers?.delete(answer);
        if (answers?.size === 0) byCertificateKey.delete(key);
      }
      certificateKeysOf.delete(answer);
    },
    markOutdated: (certificateKey, which) => {
      for (const answer of byCertificateKey.get(certificateKey) ?? []) {
        if (which === 'all' || answer.statuses.get(certificateKey) === which) answer.outdated = true;
      }
    },
    markAllOutdated: () => {
      for (const answer of certificateKeysOf.keys()) answer.outdated = true;
    },
    count: () => certificateKeysOf.size,
  };
}
