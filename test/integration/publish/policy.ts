/** As much of a policy as publication reads. */
import type { Policy } from '../../../src/policy/model.js';

export function testPolicy(crl: { readonly periodMs: number; readonly overlapMs: number }): Policy {
  return {
    digest: '',
    authorities: new Map(),
    profiles: new Map(),
    environment: {
      mark: 'development',
      names: { organizationalUnit: 'TEST', commonNamePrefix: 'TEST ' },
      addresses: { publication: '', ocsp: '', certificationPracticeStatement: '', ldap: null, deltaCrl: false },
      policyOid: '1.2.3',
      cardCategories: { card: '80', module: '82', software: '83' },
      keyExceptions: [],
      luhnChecked: false,
      ipAddressNames: [],
      developmentAccounts: true,
      suspensionAlsoFor: [],
      crl: { ...crl, afterRevocationMs: 1_000 },
      ocspAnswers: { lifeMs: 60_000, maxAgeMs: 10_000, neverIssued: 'unknown' },
    },
  };
}
