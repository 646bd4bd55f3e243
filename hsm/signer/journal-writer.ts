/**
 * What a signer writes into its journal, and what it counts there: signatures before they are made, refusals and alarms, and the
 * certificates of each profile against their cap.
 */
import type { Instant } from '../../src/kernel/clock.js';
import { formatInstant } from '../../src/kernel/clock.js';
import { createFloodGate, type FloodLimits, REFUSALS_KEPT } from '../flood-gate.js';
import type { SigningKind } from '../wire/permissions.js';
import {
  type Journal,
  type JournalFailure,
  type JournalRecord,
  NO_OCTETS_SHA256,
  type OpenedJournal,
} from './journal.js';
import { createRateCaps, minuteOf } from './rate-caps.js';
import { createSteadyTime } from './steady-time.js';

export type SignerAlarm = {
  /** `rate-cap`: a profile has had what an hour may bring. `crl-shrank`: a list has far fewer entries than the one before. */
  readonly alarm: 'rate-cap' | 'crl-shrank';
  /** Profile or issuer. */
  readonly subject: string;
  readonly detail: string;
};

export type JournalWriterWorld = {
  readonly journal: Journal;
  /** Of the journal when it was opened. */
  readonly recent: OpenedJournal['recent'];
  readonly clock: () => Instant;
  /** Milliseconds since any moment; never goes back. */
  readonly monotonic: () => number;
  readonly fault: (fault: JournalFailure) => void;
  /** To be told outside, beside the journal. */
  readonly alarm: (alarm: SignerAlarm) => void;
  readonly refusalsKept?: FloodLimits;
};

/** What was about to be signed. */
export type ToBeSigned = { readonly issuer: string; readonly sha256: string; readonly profile?: string };

export type RefusalRecord = {
  readonly rule: string;
  readonly issuer?: string | undefined;
  readonly asked?: SigningKind | undefined;
  /** Computed only where it is written down. */
  readonly sha256?: () => string;
};

export type CappedCertificate = ToBeSigned & { readonly profile: string; readonly perHourMax: number };

export type JournalWriter = {
  /** False when it cannot be written: the fault was told, nothing may be signed. */
  signature(record: Omit<JournalRecord, 'at' | 'steadyAt'>): Promise<boolean>;
  /** Counts one certificate more, before it is journaled; or how long until the profile may have another, with an alarm. */
  take(capped: CappedCertificate): { readonly retryAfterMs: number } | null;
  /** True when it is on disk, or is one of too many; false as above. */
  refusal(refused: RefusalRecord): Promise<boolean>;
  alarm(alarm: SignerAlarm, concerned: ToBeSigned): void;
};

/** Of an id that came in a frame: what ids of ours look like. */
const ISSUER = /^[a-z0-9-]{1,40}$/;

export function createJournalWriter(world: JournalWriterWorld): JournalWriter {
  const { journal, recent, clock, monotonic } = world;
  const steadyTime = createSteadyTime({ clock, monotonic, notBefore: recent.lastAt });
  const caps = createRateCaps(recent.tally);
  /** By profile: the minute of its last alarm. One a minute says it all. */
  const alarmedIn = new Map<string, number>();
  const gate = createFloodGate(world.refusalsKept ?? REFUSALS_KEPT, (count) => {
    void append({ kind: 'refused', issuer: '', sha256: NO_OCTETS_SHA256, count });
  });

  async function append(record: Omit<JournalRecord, 'at' | 'steadyAt'>): Promise<boolean> {
    const at = clock();
    const steadyAt = steadyTime();
    const { kind, issuer, serial, number, scope, base, thisUpdate, entries } = record;
    const { profile, asked, rule, count, tally, sha256 } = record;
    const journaled = await journal.append({
      at,
      steadyAt: minuteOf(steadyAt) === minuteOf(at) ? undefined : steadyAt,
      kind,
      issuer,
      serial,
      number,
      scope,
      base,
      thisUpdate,
      entries,
      profile,
      asked,
      rule,
      count,
      tally,
      sha256,
    });
    if (!journaled.ok) world.fault(journaled.error);
    return journaled.ok;
  }

  function alarm(told: SignerAlarm, { issuer, sha256, profile }: ToBeSigned): void {
    world.alarm(told);
    void append({ kind: 'alarm', issuer, rule: told.alarm, sha256, ...(profile === undefined ? {} : { profile }) });
  }

  return {
    signature: append,
    alarm,
    take(capped) {
      const { profile, perHourMax } = capped;
      const now = steadyTime();
      const tally = caps.tallyDue(now);
      if (tally !== null) void append({ kind: 'tally', issuer: '', sha256: NO_OCTETS_SHA256, tally });
      const taken = caps.take({ profile, perHourMax }, now);
      if (taken.ok) return null;
      const { retryAfterMs } = taken.error;
      if (alarmedIn.get(profile) !== minuteOf(now)) {
        alarmedIn.set(profile, minuteOf(now));
        const opens = formatInstant(clock() + retryAfterMs);
        const detail = `${perHourMax} certificates of ${profile} within an hour, its cap; there is room again at ${opens}`;
        alarm({ alarm: 'rate-cap', subject: profile, detail }, capped);
      }
      return { retryAfterMs };
    },
    async refusal({ rule, issuer = '', asked, sha256 }) {
      if (!gate.admit()) return true;
      return append({
        kind: 'refused',
        issuer: ISSUER.test(issuer) ? issuer : '',
        rule,
        ...(asked === undefined ? {} : { asked }),
        sha256: sha256?.() ?? NO_OCTETS_SHA256,
      });
    },
  };
}
