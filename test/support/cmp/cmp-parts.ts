/**
 * What messages of CMP share in a test: nobody is an officer, errors may always be signed, and no
 * message waits.
 */
import { createVerifiedCache } from '../../../src/access/client-certificate.js';
import { createKeyWork } from '../../../src/cmp/protection/key-work.js';
import { ok } from '../../../src/kernel/result.js';
import type { CmpParts, Patience } from '../../../src/operations/cmp/cmp-parts.js';

export function cmpPartsOf(steadyMs: () => number): CmpParts {
  return {
    accountAuthorities: ['aci-el-org', 'aci-fo-pp'],
    access: [],
    keyWork: createKeyWork({ steadyMs, pause: async () => undefined, count: () => undefined }),
    verifiedClients: createVerifiedCache(),
    patience: endlessPatience,
    pace: { turn: async () => ok(undefined), failed: () => undefined },
    maySignError: () => true,
    answered: () => undefined,
    unprotected: () => undefined,
  };
}

/** The patience of a client that waits as long as it takes. */
export function endlessPatience(): Patience {
  return { over: new Promise(() => undefined), end: () => undefined };
}
