/**
 * What a supervisor tells of its signers: faults, refusals, each of these a bug or an attack, and alarms. It sees them on their
 * way from the child, where no service can keep them back. Each is counted; each is a line of the log, refusals and what callers say
 * of signatures as many as `REFUSALS_KEPT` lets through.
 */

import { createFloodGate, type FloodLimits, REFUSALS_KEPT } from '../flood-gate.js';
import type { CallerRole } from '../wire/permissions.js';
import type { TokenFault } from '../wire/token-fault.js';
import { createFaults, type FaultCount, type Faults } from './faults.js';
import type { SupervisorLog } from './token-host.js';

export type RefusalCount = { readonly rule: string; readonly count: number };
export type AlarmCount = { readonly alarm: string; readonly subject: string; readonly count: number };

export type RefusalNotice = {
  readonly rule: string;
  /** Whose socket it came from, where the supervisor itself refused; null where the child did. */
  readonly role: CallerRole | null;
};

export type SupervisorNotices = {
  fault: Faults['note'];
  /** A caller says that a signature did not verify: it may say so of none, as often as it likes. */
  doubted(fault: TokenFault, pid: number | null): void;
  /** True where it is one of those that are written down. */
  refused(notice: RefusalNotice): boolean;
  /** As the child tells it: `alarm`, `subject` and `detail`. */
  alarm(told: Readonly<Record<string, unknown>>): void;
  counts(): {
    readonly faults: readonly FaultCount[];
    readonly refusals: readonly RefusalCount[];
    readonly alarms: readonly AlarmCount[];
  };
};

/** Names that are told apart; a child that makes up names does not fill the memory, or the frame that tells of them. */
const NAMES_MAX = 200;
const OTHER = 'other';
const TEXT_MAX = 200;

export function createSupervisorNotices(
  token: string,
  log: SupervisorLog,
  limits: FloodLimits = REFUSALS_KEPT,
): SupervisorNotices {
  const refusals = new Map<string, RefusalCount>();
  const alarms = new Map<string, AlarmCount>();
  const faults = createFaults(token, log);
  const gate = createFloodGate(limits, (count) => log({ event: 'signer-refusals-more', token, count }));
  const doubts = createFloodGate(limits, (count) => log({ event: 'signer-doubts-more', token, count }));
  return {
    fault: faults.note,
    doubted: (fault, pid) => faults.note(fault, pid, doubts.admit()),
    refused({ rule: given, role }) {
      const rule = refusals.has(given) || refusals.size < NAMES_MAX ? given : OTHER;
      refusals.set(rule, { rule, count: (refusals.get(rule)?.count ?? 0) + 1 });
      if (!gate.admit()) return false;
      // Without the detail: it may name the holder. The rule, and in the signer's journal the digest, say what it was.
      log({ event: 'signer-refusal', token, rule: given, ...(role === null ? {} : { role }) });
      return true;
    },
    alarm(told) {
      const given = { alarm: text(told.alarm), subject: text(told.subject) };
      const name = `${given.alarm} ${given.subject}`;
      const { alarm, subject } = alarms.has(name) || alarms.size < NAMES_MAX ? given : { alarm: OTHER, subject: OTHER };
      const key = `${alarm} ${subject}`;
      alarms.set(key, { alarm, subject, count: (alarms.get(key)?.count ?? 0) + 1 });
      log({ event: 'signer-alarm', token, ...given, detail: text(told.detail) });
    },
    counts: () => ({ faults: faults.counts(), refusals: [...refusals.values()], alarms: [...alarms.values()] }),
  };
}

/** Of a child that may have lost its mind. */
function text(told: unknown): string {
  return String(told).slice(0, TEXT_MAX);
}
