/** What messages of CMP share in a test: nobody is an officer, and errors may always be signed. */
import { createVerifiedCache } from '../../../src/access/client-certificate.js';
import { createKeyWork } from '../../../src/cmp/protection/key-work.js';
import type { CmpParts } from '../../../src/operations/cmp/cmp-parts.js';

export function cmpPartsOf(steadyMs: () => number): CmpParts {
  return {
    accountAuthorities: ['aci-el-org', 'aci-fo-pp'],
    access: [],
    keyWork: createKeyWork({ steadyMs, pause: async () => undefined, count: () => undefined }),
    verifiedClients: createVerifiedCache(),
    patience: () => new Promise(() => undefined),
    maySignError: () => true,
    answered: () => undefined,
    unprotected: () => undefined,
  };
}
