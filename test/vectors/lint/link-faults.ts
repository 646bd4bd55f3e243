/** Broken link certificates between two generations of a root. */
import { faultsIn } from '../../support/lint/fault-table.js';
import {
  distributionPoints,
  goodLink,
  type LinkFault,
  policy,
  withExtension,
  withKey,
  withTimes,
  withValue,
} from '../../support/lint/fixtures.js';
import { testKey } from '../../unit/policy/fixtures.js';

const NEW = 'acr-fo-2';
const OLD = 'acr-fo';
const { root: next, issuer: old } = goodLink(NEW).context;
const { publication } = policy.environment.addresses;
const another = testKey('p-256', 'another').spki;

export const LINK_FAULTS = faultsIn<LinkFault>(NEW, {
  e_cps_link_joins_generations_of_a_root: {
    'the name of a third generation': withValue('commonName', 'TEST AC RACINE IGC-SANTE FORT G3'),
    'another key': withKey(another, another.slice(-65)),
    'the root of another hierarchy as the issuer': {
      of: OLD,
      context: (context) => ({ ...context, issuer: { ...context.issuer, authority: 'acr-el' } }),
    },
  },
  e_cps_link_validity_follows_its_roots: {
    'the new root under the old key, from the first day of the old root': withTimes(old.notBefore, old.notAfter),
    'the old root under the new key, from the first day of the new root': {
      of: OLD,
      edit: withTimes(next.notBefore, old.notAfter),
    },
    'the old root under the new key, until the end of the new root': {
      of: OLD,
      edit: withTimes(old.notBefore, next.notAfter),
    },
  },
  e_cps_ca_extensions: {
    'a link with a distribution point': withExtension(
      'crlDistributionPoints',
      distributionPoints([`${publication}/CRL/ACR-FO.crl`]),
    ),
  },
  e_validity_ends_within_issuers: {
    'an old root that ends after the new one': {
      of: OLD,
      context: (context) => ({ ...context, issuer: { ...context.issuer, notAfter: context.root.notAfter - 1_000 } }),
    },
  },
  e_authority_key_identifier_is_issuers: {
    'the key identifier of the root itself': {
      context: (context) => ({
        ...context,
        issuer: { ...context.issuer, subjectKeyIdentifier: context.root.subjectKeyIdentifier },
      }),
    },
  },
});
