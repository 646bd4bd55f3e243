/**
 * What a signer writes into its journal: signatures before they are made, refusals and alarms. It
 * also counts the certificates of each profile against the profile's cap.
 */
import type { Instant } from '../../src/kernel/clock.js';
import { formatInstant } from '../../src/kernel/clock.js';
import type { JournalEvent } from '../journal/journal-entry.js';
import type { JournalFailure } from '../journal/read-journal.js';
import { createLogRateLimiter, type LogRateLimit, REFUSAL_LOG_LIMIT } from '../log-rate-limiter.js';
import type { SigningKind } from '../wire/permissions.js';
import type { Journal, OpenedJournal } from './journal.js';
import { createRateCaps, minuteOf } from './rate-caps.js';
import { createSteadyTime } from './steady-time.js';

export type SignerAlarm = {
  /**
   * `rate-cap`: a profile has reached its cap for an hour. `crl-shrank`: a list has far fewer
   * entries than the one before.
   */
  readonly alarm: 'rate-cap' | 'crl-shrank';
  /** The profile or issuer that the alarm is about. */
  readonly subject: string;
  readonly detail: string;
};

export type JournalWriterWorld = {
  readonly journal: Journal;
  /** The counts of the last hour that the journal contained when it was opened. */
  readonly recent: OpenedJournal['recent'];
  readonly clock: () => Instant;
  /** Returns milliseconds of a monotonic clock. */
  readonly monotonic: () => number;
  readonly fault: (fault: JournalFailure) => void;
  /** Reports the alarm to the supervisor. */
  readonly alarm: (alarm: SignerAlarm) => void;
  readonly refusalLogLimit?: LogRateLimit;
};

/** The cause of an alarm: bytes that are to be signed. */
type AlarmCause = { readonly issuer: string; readonly sha256: string; readonly profile: string | null };

export type RefusalCause = {
  readonly rule: string;
  readonly issuer?: string | undefined;
  readonly asked?: SigningKind | undefined;
  /**
   * Returns the digest of the refused bytes. Called only when an entry is written for the refusal.
   */
  readonly sha256?: () => string;
};

type CappedCertificate = AlarmCause & { readonly profile: string; readonly perHourMax: number };

export type JournalWriter = {
  /**
   * Writes an entry for a signature. Returns false when it cannot be written: the fault was
   * reported, and nothing may be signed.
   */
  signature(event: JournalEvent): Promise<boolean>;
  /**
   * Counts one more certificate, before its entry is written; null: the profile is below its cap.
   * Otherwise raises an alarm, at most one a minute for each profile, and returns how long until
   * the profile may have another certificate.
   */
  take(certificate: CappedCertificate): { readonly retryAfterMs: number } | null;
  /**
   * Writes an entry for a refusal. Returns true when it is on disk or when there were too many
   * refusals to write one; false when it cannot be written.
   */
  refusal(cause: RefusalCause): Promise<boolean>;
  alarm(alarm: SignerAlarm, cause: AlarmCause): void;
};

/** The form of issuer ids of the policy. An id in a frame can be any text. */
const ISSUER_ID_PATTERN = /^[a-z0-9-]{1,40}$/;

export function createJournalWriter(world: JournalWriterWorld): JournalWriter {
  const { journal, recent, clock, monotonic } = world;
  const steadyTime = createSteadyTime({ clock, monotonic, notBefore: recent.lastAt });
  const caps = createRateCaps(recent.tally);
  /** The minute of the last alarm, by profile, because one alarm per minute is enough. */
  const alarmedIn = new Map<string, number>();
  const gate = createLogRateLimiter(world.refusalLogLimit ?? REFUSAL_LOG_LIMIT, (count) => {
    void append({ kind: 'refusals-over-limit', count });
  });

  async function append(event: JournalEvent): Promise<boolean> {
    const at = clock();
    const steadyAt = steadyTime();
    const journaled = await journal.append({
      at,
      steadyAt: minuteOf(steadyAt) === minuteOf(at) ? null : steadyAt,
      event,
    });
    if (!journaled.ok) world.fault(journaled.error);
    return journaled.ok;
  }

  function alarm(raised: SignerAlarm, { issuer, sha256, profile }: AlarmCause): void {
    world.alarm(raised);
    void append({ kind: 'alarm', alarm: raised.alarm, issuer, profile, sha256 });
  }

  return {
    signature: append,
    alarm,
    take(certificate) {
      const { profile, perHourMax } = certificate;
      const now = steadyTime();
      const tally = caps.tallyDue(now);
      if (tally !== null) void append({ kind: 'tally', tally });
      const taken = caps.take({ profile, perHourMax }, now);
      if (taken.ok) return null;
      const { retryAfterMs } = taken.error;
      if (alarmedIn.get(profile) !== minuteOf(now)) {
        alarmedIn.set(profile, minuteOf(now));
        const opens = formatInstant(clock() + retryAfterMs);
        const detail = `${profile} has reached its cap of ${perHourMax} certificates an hour; the next is possible at ${opens}`;
        alarm({ alarm: 'rate-cap', subject: profile, detail }, certificate);
      }
      return { retryAfterMs };
    },
    async refusal({ rule, issuer = '', asked = undefined, sha256 }) {
      if (!gate.admit()) return true;
      return append({
        kind: 'refused',
        rule,
        issuer: ISSUER_ID_PATTERN.test(issuer) ? issuer : null,
        asked: asked ?? null,
        sha256: sha256?.() ?? null,
      });
    },
  };
}
