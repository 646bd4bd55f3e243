/** The state of a service, computed once for operators and for pages. */
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

/** What a page waits for signers and databases that do not answer. */
const PAGE_WAITS_MS_MAX = 200;
/** A state of this age is shown rather than none. */
const SHOWN_MS_MAX = 10 * SECOND_MS;

/** The state for pages: an older one if it is not known in time; null: there is none either. */
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
    return state ?? (last !== null && systemSteadyMs() - last.at < SHOWN_MS_MAX ? last.state : null);
  };
}
