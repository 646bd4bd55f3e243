/** How the signers are: asked of their supervisor, which answers from memory. */
import type { SignerClient } from '../../hsm/client/client.js';
import { SIGNER_STATES, type SignerStatus } from '../observe/signers.js';
import type { Home } from './home.js';
import { planSigners } from './signers.js';

export type SignerReport = SignerStatus & {
  /** Why the last child ended; null when none has. */
  readonly lastError: string | null;
  /** Where it is locked: the command that an officer types. */
  readonly unlock: string | null;
};

/** By token name. */
export type SignerReports = () => Promise<ReadonlyMap<string, SignerReport>>;

export function createSignerReports(home: Home, signer: SignerClient): SignerReports {
  const places = planSigners(home).tokens.map(({ name, sockets }) => ({ name, socket: sockets[0]?.path ?? '' }));
  return async () => {
    const reports = places.map(async ({ name, socket }) => {
      const status = await signer.status(socket);
      return [name, status.ok ? reportOf(status.value) : ABSENT] as const;
    });
    return new Map(await Promise.all(reports));
  };
}

const ABSENT: SignerReport = {
  state: 'down',
  lastError: 'the supervisor does not answer',
  unlock: null,
  restarts: null,
  faults: [],
  refusals: [],
  alarms: [],
};

type Told = Readonly<Record<string, unknown>>;

function reportOf({ state, restarts, faults, refusals, alarms, lastError, unlock }: Told): SignerReport {
  return {
    state: SIGNER_STATES.find((one) => one === state) ?? 'down',
    restarts: countOf(restarts),
    faults: toldIn(faults).map(({ operation, ckr, count }) => ({
      operation: String(operation),
      ckr: String(ckr),
      count: countOf(count),
    })),
    refusals: toldIn(refusals).map(({ rule, count }) => ({ rule: String(rule), count: countOf(count) })),
    alarms: toldIn(alarms).map(({ alarm, subject, count }) => ({
      alarm: String(alarm),
      subject: String(subject),
      count: countOf(count),
    })),
    lastError: typeof lastError === 'string' ? lastError : null,
    unlock: typeof unlock === 'string' ? unlock : null,
  };
}

function toldIn(value: unknown): readonly Told[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => (typeof one === 'object' && one !== null ? [one as Told] : []));
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0;
}
