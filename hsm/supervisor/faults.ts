/** What has gone wrong with one token since its supervisor started: each fault is one line of the log and one count. */
import type { TokenFault } from '../wire/token-fault.js';
import type { SupervisorLog } from './token-host.js';

export type FaultCount = { readonly operation: string; readonly ckr: string; readonly count: number };

export type Faults = {
  /** `isTold`: as a line of the log too. */
  note(fault: TokenFault, pid: number | null, isTold?: boolean): void;
  counts(): readonly FaultCount[];
};

/** Kinds of fault that are told apart; a module that makes up names does not fill the memory, or the frame that tells of them. */
const KINDS_MAX = 200;

export function createFaults(token: string, log: SupervisorLog): Faults {
  const counts = new Map<string, FaultCount>();
  return {
    note(fault, pid, isTold = true) {
      if (isTold) log({ event: 'signer-fault', token, pid, ...fault });
      const name = `${fault.operation} ${fault.ckr}`;
      const { operation, ckr } =
        counts.has(name) || counts.size < KINDS_MAX ? fault : { operation: 'other', ckr: 'other' };
      const key = `${operation} ${ckr}`;
      counts.set(key, { operation, ckr, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    counts: () => [...counts.values()],
  };
}
