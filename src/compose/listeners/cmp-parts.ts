/**
 * Creates what all CMP messages of a process share: budgets, caches, and the CAs of their clients.
 */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../../../hsm/deferred.js';
import type { AccessAuthority } from '../../access/break-glass.js';
import { createVerifiedCache } from '../../access/client-certificate.js';
import { createErrorSignatures, createFailurePace } from '../../cmp/protection/failure-pace.js';
import { createKeyWork } from '../../cmp/protection/key-work.js';
import { SECOND_MS } from '../../kernel/duration.js';
import type { Metrics } from '../../observe/metrics.js';
import type { CmpParts } from '../../operations/cmp/cmp-parts.js';

/**
 * A CMP request waits at most this long for its result. Clients that get no answer for longer send
 * their request again.
 */
const PATIENCE_MS = 5 * SECOND_MS;

type CmpProcess = {
  /** The CAs of clients, from `accountAuthorities` of the configuration. */
  readonly accountAuthorities: readonly string[];
  readonly access: readonly AccessAuthority[];
  readonly steadyMs: () => number;
  readonly metrics: Metrics;
};

export function createCmpParts({ accountAuthorities, access, steadyMs, metrics }: CmpProcess): CmpParts {
  return {
    accountAuthorities,
    access,
    keyWork: createKeyWork({
      steadyMs,
      pause: () => setImmediate(),
      count: (count) => metrics.cmpIterations.inc(count),
    }),
    verifiedClients: createVerifiedCache(),
    patience: () => {
      const { promise: over, resolve } = deferred<void>();
      const timer = setTimeout(resolve, PATIENCE_MS).unref();
      return { over, end: () => clearTimeout(timer) };
    },
    pace: createFailurePace({ steadyMs, sleep: (ms) => sleep(ms) }),
    maySignError: createErrorSignatures(steadyMs),
    answered: (body, failInfo) => metrics.cmpMessages.inc({ body, fail_info: failInfo ?? 'none' }),
    unprotected: () => metrics.cmpUnprotectedErrors.inc(),
  };
}
