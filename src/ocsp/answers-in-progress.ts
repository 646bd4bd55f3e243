/**
 * Tracks the answers that are being made. If this process learns that a status has changed before
 * the answer about it is sent, the answer is marked as outdated. An outdated answer is neither sent
 * nor cached, however late its signature arrives.
 */
import type { CertStatus } from './decide.js';

export type AnswerInProgress = {
  /** The statuses that were read from the database, by `issuerAndSerial`; empty until then. */
  readonly statuses: Map<string, CertStatus['kind']>;
  outdated: boolean;
};

type AnswerTracker = {
  readonly begin: (certificates: readonly string[]) => AnswerInProgress;
  readonly end: (answer: AnswerInProgress) => void;
  /**
   * Marks the answers about this certificate (`issuerAndSerial`) as outdated: all of them, or only
   * those in which its status is `which`.
   */
  readonly markOutdated: (certificate: string, which: 'all' | CertStatus['kind']) => void;
  readonly markAllOutdated: () => void;
  readonly count: () => number;
};

export function createAnswerTracker(): AnswerTracker {
  const certificatesOf = new Map<AnswerInProgress, readonly string[]>();
  const byCertificate = new Map<string, Set<AnswerInProgress>>();
  return {
    begin: (certificates) => {
      const answer: AnswerInProgress = { statuses: new Map(), outdated: false };
      certificatesOf.set(answer, certificates);
      for (const certificate of certificates)
        byCertificate.set(certificate, (byCertificate.get(certificate) ?? new Set()).add(answer));
      return answer;
    },
    end: (answer) => {
      for (const certificate of certificatesOf.get(answer) ?? []) {
        const answers = byCertificate.get(certificate);
        answers?.delete(answer);
        if (answers?.size === 0) byCertificate.delete(certificate);
      }
      certificatesOf.delete(answer);
    },
    markOutdated: (certificate, which) => {
      for (const answer of byCertificate.get(certificate) ?? []) {
        if (which === 'all' || answer.statuses.get(certificate) === which) answer.outdated = true;
      }
    },
    markAllOutdated: () => {
      for (const answer of certificatesOf.keys()) answer.outdated = true;
    },
    count: () => certificatesOf.size,
  };
}
