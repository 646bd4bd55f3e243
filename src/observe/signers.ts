/** What the signers' supervisor says of its tokens, as metrics. It counts from its own start; Prometheus' counters go on. */
import type { Metrics } from './metrics.js';

export type SignerState = 'ready' | 'degraded' | 'down' | 'locked';
export type SignerStatus = {
  readonly state: SignerState;
  /** null: nobody could be asked. */
  readonly restarts: number | null;
  readonly faults: readonly { readonly operation: string; readonly ckr: string; readonly count: number }[];
  readonly refusals: readonly { readonly rule: string; readonly count: number }[];
  readonly alarms: readonly { readonly alarm: string; readonly subject: string; readonly count: number }[];
};

export const SIGNER_STATES: readonly SignerState[] = ['ready', 'degraded', 'down', 'locked'];

export type SignerMetrics = { readonly set: (token: string, status: SignerStatus) => void };

type Metered = Pick<
  Metrics,
  | 'signerState'
  | 'signerStates'
  | 'signerRestarts'
  | 'signerFaults'
  | 'signerRefusals'
  | 'signerAlarms'
  | 'lintFindings'
>;

export function createSignerMetrics(metrics: Metered): SignerMetrics {
  const told = new Map<string, number>();

  /** How many are new. Fewer than before: another supervisor, which has counted them all since its start. */
  function risen(name: string, count: number): number {
    const before = told.get(name) ?? 0;
    told.set(name, count);
    return count < before ? count : count - before;
  }

  function countRefusals({ token, rule }: { readonly token: string; readonly rule: string }, count: number): void {
    metrics.signerRefusals.inc({ token, rule }, count);
    // Signers refuse more than the lint finds; its rules are known by their names.
    if (/^[ew]_/.test(rule)) metrics.lintFindings.inc({ by: 'signer', rule }, count);
  }

  return {
    set(token, { state, restarts, faults, refusals, alarms }) {
      metrics.signerState.set({ token }, state === 'ready' ? 1 : 0);
      for (const one of SIGNER_STATES) metrics.signerStates.set({ token, state: one }, one === state ? 1 : 0);
      if (restarts === null) return;
      metrics.signerRestarts.inc({ token }, risen(`${token} restarts`, restarts));
      for (const { operation, ckr, count } of faults)
        metrics.signerFaults.inc({ token, operation, ckr }, risen(`${token} fault ${operation} ${ckr}`, count));
      for (const { rule, count } of refusals) countRefusals({ token, rule }, risen(`${token} refusal ${rule}`, count));
      for (const { alarm, subject, count } of alarms)
        metrics.signerAlarms.inc({ token, alarm, subject }, risen(`${token} alarm ${alarm} ${subject}`, count));
    },
  };
}
