/**
 * Turns the reports of the supervisor about its tokens into metrics. The supervisor counts from its
 * own start; the counters of Prometheus continue over its restarts.
 */
import type { Metrics } from './metrics.js';

type SignerState = 'ready' | 'degraded' | 'down' | 'locked';
export type SignerStatus = {
  readonly state: SignerState;
  /** null: the supervisor did not answer. */
  readonly restarts: number | null;
  readonly faults: readonly { readonly operation: string; readonly ckr: string; readonly count: number }[];
  readonly refusals: readonly { readonly rule: string; readonly count: number }[];
  readonly alarms: readonly { readonly alarm: string; readonly subject: string; readonly count: number }[];
};

export const SIGNER_STATES: readonly SignerState[] = ['ready', 'degraded', 'down', 'locked'];

export type SignerMetrics = { readonly set: (token: string, status: SignerStatus) => void };

type SignerMeters = Pick<
  Metrics,
  | 'signerState'
  | 'signerStates'
  | 'signerRestarts'
  | 'signerFaults'
  | 'signerRefusals'
  | 'signerAlarms'
  | 'lintFindings'
>;

export function createSignerMetrics(metrics: SignerMeters): SignerMetrics {
  const lastCounts = new Map<string, number>();

  /**
   * Returns how many are new. A lower count is from a new supervisor, which has counted since its
   * start.
   */
  function increase(name: string, count: number): number {
    const before = lastCounts.get(name) ?? 0;
    lastCounts.set(name, count);
    return count < before ? count : count - before;
  }

  function countRefusals({ token, rule }: { readonly token: string; readonly rule: string }, count: number): void {
    metrics.signerRefusals.inc({ token, rule }, count);
    // Signers refuse for other reasons too; lint rules are recognised by their names.
    if (/^[ew]_/.test(rule)) metrics.lintFindings.inc({ by: 'signer', rule }, count);
  }

  return {
    set(token, { state, restarts, faults, refusals, alarms }) {
      metrics.signerState.set({ token }, state === 'ready' ? 1 : 0);
      for (const one of SIGNER_STATES) metrics.signerStates.set({ token, state: one }, one === state ? 1 : 0);
      if (restarts === null) return;
      metrics.signerRestarts.inc({ token }, increase(`${token} restarts`, restarts));
      for (const { operation, ckr, count } of faults)
        metrics.signerFaults.inc({ token, operation, ckr }, increase(`${token} fault ${operation} ${ckr}`, count));
      for (const { rule, count } of refusals)
        countRefusals({ token, rule }, increase(`${token} refusal ${rule}`, count));
      for (const { alarm, subject, count } of alarms)
        metrics.signerAlarms.inc({ token, alarm, subject }, increase(`${token} alarm ${alarm} ${subject}`, count));
    },
  };
}
