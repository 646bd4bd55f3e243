/**
 * Reports of a supervisor about its signers: faults, refusals (each a bug or an attack) and alarms.
 * They do not pass through the service, so a stolen service cannot suppress them. Each is counted
 * and logged. Callers can cause any number of refusals and of reports of wrong signatures, so only
 * the lines within `REFUSAL_LOG_LIMIT` are logged, and then their number.
 */
import { createLogRateLimiter, type LogRateLimit, REFUSAL_LOG_LIMIT } from '../log-rate-limiter.js';
import type { CallerRole } from '../wire/permissions.js';
import type { TokenFault } from '../wire/token-fault.js';

export type SupervisorLog = (event: {
  readonly event: string;
  readonly token: string;
  readonly [fact: string]: unknown;
}) => void;

type FaultName = Pick<TokenFault, 'operation' | 'ckr'>;
type RefusalName = { readonly rule: string };
type AlarmName = { readonly alarm: string; readonly subject: string };
type Count<Name> = Name & { readonly count: number };

export type RefusalNotice = {
  readonly rule: string;
  /** The socket on which the supervisor itself refused the request; null: the child refused it. */
  readonly role: CallerRole | null;
};

export type SupervisorNotices = {
  fault(fault: TokenFault, pid: number | null): void;
  /**
   * Counts and logs the report of a caller that a signature did not verify. A caller can report any
   * signature, at any rate.
   */
  badSignatureReported(fault: TokenFault, pid: number | null): void;
  /**
   * Counts a refusal. Returns whether it was logged: then a refusal by the supervisor must be
   * journaled too.
   */
  refused(notice: RefusalNotice): boolean;
  /** Counts and logs an alarm, with `alarm`, `subject` and `detail` as the child reports them. */
  alarm(report: Readonly<Record<string, unknown>>): void;
  counts(): {
    readonly faults: readonly Count<FaultName>[];
    readonly refusals: readonly Count<RefusalName>[];
    readonly alarms: readonly Count<AlarmName>[];
  };
};

/**
 * At most this many different names are counted: a child that invents names must not fill the
 * memory, or the status frame.
 */
const NAMES_MAX = 200;
const OTHER = 'other';
const TEXT_LENGTH_MAX = 200;

export function createSupervisorNotices(
  token: string,
  log: SupervisorLog,
  limits: LogRateLimit = REFUSAL_LOG_LIMIT,
): SupervisorNotices {
  const faults = createCounts<FaultName>({ operation: OTHER, ckr: OTHER });
  const refusals = createCounts<RefusalName>({ rule: OTHER });
  const alarms = createCounts<AlarmName>({ alarm: OTHER, subject: OTHER });
  const gate = createLogRateLimiter(limits, (count) => log({ event: 'signer-refusals-over-limit', token, count }));
  const badSignatures = createLogRateLimiter(limits, (count) =>
    log({ event: 'signer-bad-signatures-over-limit', token, count }),
  );

  function fault(reported: TokenFault, pid: number | null): void {
    countFault(reported);
    log({ event: 'signer-fault', token, pid, ...reported });
  }
  function countFault({ operation, ckr }: TokenFault): void {
    faults.add({ operation, ckr });
  }

  return {
    fault,
    badSignatureReported(reported, pid) {
      if (badSignatures.admit()) fault(reported, pid);
      else countFault(reported);
    },
    refused({ rule, role }) {
      refusals.add({ rule });
      if (!gate.admit()) return false;
      // The detail is left out, because it may contain the name of a holder. The rule, and the
      // digest in the journal of the signer, identify the request.
      log({ event: 'signer-refusal', token, rule, ...(role === null ? {} : { role }) });
      return true;
    },
    alarm(report) {
      const name = { alarm: shortText(report.alarm), subject: shortText(report.subject) };
      alarms.add(name);
      log({ event: 'signer-alarm', token, ...name, detail: shortText(report.detail) });
    },
    counts: () => ({ faults: faults.all(), refusals: refusals.all(), alarms: alarms.all() }),
  };
}

/** Creates counters by name. Names over the limit are counted as `other`. */
function createCounts<Name extends object>(other: Name) {
  const counts = new Map<string, Count<Name>>();
  return {
    add(name: Name): void {
      const isKnown = counts.has(JSON.stringify(name)) || counts.size < NAMES_MAX;
      const counted = isKnown ? name : other;
      const key = JSON.stringify(counted);
      counts.set(key, { ...counted, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    all: (): readonly Count<Name>[] => [...counts.values()],
  };
}

/** Makes a short text of a value from a child, because a faulty child may send anything. */
function shortText(value: unknown): string {
  return String(value).slice(0, TEXT_LENGTH_MAX);
}
