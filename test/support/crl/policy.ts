/** The development policy with other rhythms and kinds of lists. */
import type { CrlPolicy, Policy } from '../../../src/policy/model.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

export function crlTestPolicy(crl: Partial<CrlPolicy> = {}, deltaCrl = false): Policy {
  const policy = testPolicy();
  const { environment } = policy;
  return {
    ...policy,
    environment: {
      ...environment,
      addresses: { ...environment.addresses, deltaCrl },
      crl: { ...environment.crl, ...crl },
    },
  };
}
