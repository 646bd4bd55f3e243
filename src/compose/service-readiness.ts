/**
 * Computes the readiness of a service. The server for operators and the pages of the console share
 * one computation.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedReadiness } from '../http/operators/server.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Metrics } from '../observe/metrics.js';
import { createSignerMetrics } from '../observe/signers.js';
import type { Readiness } from '../ports/readiness.js';
import { reportBackup } from './backup/state.js';
import { serviceReadiness } from './readiness.js';
import { measureWebhooks } from './webhooks/webhooks.js';
import { systemSteadyMs } from './world.js';

type Parts = Parameters<typeof serviceReadiness>[0] & { readonly metrics: Metrics };

export function createReadiness(parts: Parts): () => Promise<Readiness> {
  const { world, home, metrics } = parts;
  const signerMetrics = createSignerMetrics(metrics);
  return sharedReadiness(async () => {
    await measureWebhooks(world, home, metrics);
    reportBackup(home.config, metrics);
    return serviceReadiness(parts, metrics, signerMetrics);
  });
}

/**
 * A page waits at most this long for the readiness, which takes longer to compute when signers or
 * the database do not answer.
 */
const PAGE_WAITS_MS_MAX = 200;
/** If the readiness is not known in time, a page shows the last known one, up to this age. */
const SHOWN_AGE_MS_MAX = 10 * SECOND_MS;

/**
 * Returns a function that gives pages the readiness: the present one, or the last known one if the
 * present one is not computed in time; null: the last known one is too old, or there is none.
 */
export function readinessForPages(readiness: () => Promise<Readiness>): () => Promise<Readiness | null> {
  let last: { readonly state: Readiness; readonly at: number } | null = null;
  return async () => {
    const current = readiness().then(
      (state) => {
        last = { state, at: systemSteadyMs() };
        return state;
      },
      () => null,
    );
    const known = new AbortController();
    const limit = sleep(PAGE_WAITS_MS_MAX, null, { signal: known.signal }).catch(() => null);
    const state = await Promise.race([current, limit]);
    known.abort();
    return state ?? (last !== null && systemSteadyMs() - last.at < SHOWN_AGE_MS_MAX ? last.state : null);
  };
}
