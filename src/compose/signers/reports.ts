/** Reports the states of the signers, which their supervisor answers from memory. */
import type { SignerClient } from '../../../hsm/client/client.js';
import { SIGNER_STATES, type SignerStatus } from '../../observe/signers.js';
import type { Home } from '../home.js';
import { callersOf, type Roles } from '../roles.js';
import { planSigners } from './plan.js';

type SignerReport = SignerStatus & {
  /**
   * Why the last process of the signer ended, or that the supervisor does not answer; null: neither
   * is the case.
   */
  readonly lastError: string | null;
  /** The command with which an officer unlocks the signer; null: it is not locked. */
  readonly unlock: string | null;
};

/** Returns the report of each token by its name. */
export type SignerReports = () => Promise<ReadonlyMap<string, SignerReport>>;

/** Returns a function that reads the state of each signer that a process with these roles calls. */
export function createSignerReports(home: Home, roles: Roles, signer: SignerClient): SignerReports {
  const places = planSigners(home).tokens.flatMap(({ name, sockets }) => {
    const socket = sockets.find(({ role }) => callersOf(roles).includes(role));
    return socket === undefined ? [] : [{ name, socket: socket.path }];
  });
  return async () => {
    const reports = places.map(async ({ name, socket }) => {
      const status = await signer.status(socket);
      return [name, status.ok ? reportOf(status.value) : ABSENT_SIGNER_REPORT] as const;
    });
    return new Map(await Promise.all(reports));
  };
}

/**
 * Waits until each signer is ready, is locked, or has failed to start, at most `waitMs`. Returns
 * the reports of those that are not ready.
 */
export async function awaitSigners(
  { signerReports }: { readonly signerReports: SignerReports },
  waitMs: number,
): Promise<ReadonlyMap<string, SignerReport>> {
  const until = performance.now() + waitMs;
  for (;;) {
    const reports = await signerReports();
    const missing = new Map([...reports].filter(([, { state }]) => state !== 'ready'));
    if ([...missing.values()].every(isSettled) || performance.now() > until) return missing;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Whether the signer is locked or reported as down. If its supervisor does not answer yet, the
 * signer may still be starting.
 */
function isSettled({ state, restarts }: SignerReport): boolean {
  return state === 'locked' || (state === 'down' && restarts !== null);
}

const ABSENT_SIGNER_REPORT: SignerReport = {
  state: 'down',
  lastError: 'the supervisor does not answer',
  unlock: null,
  restarts: null,
  faults: [],
  refusals: [],
  alarms: [],
};

type StatusFields = Readonly<Record<string, unknown>>;

function reportOf({ state, restarts, faults, refusals, alarms, lastError, unlock }: StatusFields): SignerReport {
  return {
    state: SIGNER_STATES.find((one) => one === state) ?? 'down',
    restarts: countOf(restarts),
    faults: recordsIn(faults).map(({ operation, ckr, count }) => ({
      operation: String(operation),
      ckr: String(ckr),
      count: countOf(count),
    })),
    refusals: recordsIn(refusals).map(({ rule, count }) => ({ rule: String(rule), count: countOf(count) })),
    alarms: recordsIn(alarms).map(({ alarm, subject, count }) => ({
      alarm: String(alarm),
      subject: String(subject),
      count: countOf(count),
    })),
    lastError: typeof lastError === 'string' ? lastError : null,
    unlock: typeof unlock === 'string' ? unlock : null,
  };
}

function recordsIn(value: unknown): readonly StatusFields[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => (typeof one === 'object' && one !== null ? [one as StatusFields] : []));
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0;
}
